package io.strata.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A guest that behaves well, has files open, and must not notice anything. */
final class Bystander implements AutoCloseable {
  private final Guest guest;
  private final GuestFiles files;
  private final GuestFiles.File kept;
  private int count;

  Bystander(Target target) throws IOException, InterruptedException {
    guest = target.mounted(Target.OPTIONS);
    files = new GuestFiles(guest);
    kept = files.create(GuestFiles.ROOT, "kept");
  }

  /** Works a little, through what it has open and from the beginning. */
  void work() throws InterruptedException {
    byte[] text = ("round " + ++count).getBytes(StandardCharsets.UTF_8);
    files.write(kept, 0, text);
    files.sync(kept);
    assertThat(files.read(kept, 0, 4096)).startsWith(text);
    GuestFiles.File file = files.create(GuestFiles.ROOT, "file" + count);
    files.write(file, 100_000, text);
    assertThat(files.attributes(file.node()).size()).isEqualTo(100_000 + text.length);
    files.sync(file);
    files.release(file);
    files.unlink(GuestFiles.ROOT, "file" + count);
    files.forget(file.node());
  }

  @Override
  public void close() throws IOException {
    guest.close();
  }
}
