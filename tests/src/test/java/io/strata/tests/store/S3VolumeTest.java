package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.store.Backoff;
import io.strata.store.ObjectStore;
import io.strata.store.retry.RetryStore;
import io.strata.store.s3.S3Settings;
import io.strata.tests.proxy.ProxyFault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole volumes on a real server whose answers get lost, or which refuses for a while. */
final class S3VolumeTest {
  private static final int MIB = 1 << 20;
  private static final OpenOptions TAKE_OVER = OpenOptions.DEFAULT.withTakeOver(true);
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50));

  private final Random random = new Random(1);
  private S3Lab lab;
  private ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    S3Lab.bucket();
    lab = new S3Lab(null);
    store = new RetryStore(lab.open(S3Settings.DEFAULT), S3Lab.PLATFORM, QUICK);
  }

  @AfterEach
  void stop() {
    if (lab != null) {
      store.close();
      lab.close();
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Opened create(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT, Ino.ROOT, FileName.of(name), new NewNode(0100644, 0), OpenFlags.READ_WRITE);
  }

  private static void write(FileSystem files, Opened file, byte[] bytes) throws FsException {
    files.write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(bytes), false);
  }

  private static byte[] read(FileSystem files, String name, int length) throws FsException {
    Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
    byte[] bytes = new byte[length];
    int read = files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes));
    files.release(handle);
    return Arrays.copyOf(bytes, read);
  }

  private void assertSound() throws Exception {
    FsckReport report = Fsck.check(store, FsckOptions.DEFAULT.withData(true), S3Lab.PLATFORM);
    assertThat(report.errors()).as("fsck: %s", report.findings()).isZero();
  }

  /** Every second reply to a PUT is lost, and every third request of another kind. */
  @Test
  void aVolumeLivesThoughHalfOfTheRepliesAreLost() throws Exception {
    for (int i = 0; i < 300; i++) {
      lab.script().next("PUT", "", i % 2 == 0 ? ProxyFault.LOSE_REPLY : ProxyFault.PASS);
      lab.script().next("GET", "", i % 3 == 0 ? ProxyFault.DROP : ProxyFault.PASS);
      lab.script().next("POST", "", i % 3 == 0 ? ProxyFault.LOSE_REPLY : ProxyFault.PASS);
    }
    byte[] large = bytes(20 * MIB);
    byte[] small = bytes(5000);
    Volume.format(store, FormatOptions.DEFAULT, S3Lab.PLATFORM);
    Volume dying = Volume.open(store, TAKE_OVER, S3Lab.PLATFORM);
    FileSystem files = dying.fileSystem();
    for (int i = 0; i < 20; i++) {
      Opened file = create(files, "small-" + i);
      write(files, file, small);
      files.sync(Caller.ROOT, file.handle(), false);
    }
    Opened file = create(files, "large");
    write(files, file, large);
    files.sync(Caller.ROOT, file.handle(), false);
    dying.checkpoint();
    Opened late = create(files, "late");
    write(files, late, small);
    files.sync(Caller.ROOT, late.handle(), false);
    dying.abandon();

    try (Volume volume = Volume.open(store, TAKE_OVER, S3Lab.PLATFORM)) {
      assertThat(read(volume.fileSystem(), "large", large.length)).isEqualTo(large);
      assertThat(read(volume.fileSystem(), "small-19", small.length)).isEqualTo(small);
      assertThat(read(volume.fileSystem(), "late", small.length)).isEqualTo(small);
    }
    assertSound();
  }

  /** Only a person can mend that, so it is told; what is not stored is kept and goes out later. */
  @Test
  void whatIsRefusedFailsASyncAndIsKept() throws Exception {
    byte[] before = bytes(5000);
    byte[] dirty = bytes(3 * MIB);
    Volume.format(store, FormatOptions.DEFAULT, S3Lab.PLATFORM);
    Volume volume = Volume.open(store, TAKE_OVER, S3Lab.PLATFORM);
    FileSystem files = volume.fileSystem();
    Opened file = create(files, "before");
    write(files, file, before);
    files.sync(Caller.ROOT, file.handle(), false);

    lab.script().always("PUT", "", ProxyFault.answer(403, "InvalidAccessKeyId"));
    Opened other = create(files, "dirty");
    write(files, other, dirty);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> files.sync(Caller.ROOT, other.handle(), false))
          .isInstanceOf(FsException.class)
          .satisfies(e -> assertThat(((FsException) e).errno()).isEqualTo(Errno.EIO))
          .hasMessageContaining("403");
    }
    assertThat(read(files, "before", before.length)).isEqualTo(before);
    assertThat(read(files, "dirty", dirty.length)).isEqualTo(dirty);

    lab.script().clear();
    syncSoon(files, other);
    try (Volume view = Volume.open(store, OpenOptions.DEFAULT.withReadOnly(true), S3Lab.PLATFORM)) {
      assertThat(read(view.fileSystem(), "dirty", dirty.length)).isEqualTo(dirty);
    }
    volume.close();
    assertSound();
  }

  /** Segments are sent again every ten seconds; until then a sync that needs one may fail. */
  private static void syncSoon(FileSystem files, Opened file) throws InterruptedException {
    while (true) {
      try {
        files.sync(Caller.ROOT, file.handle(), false);
        return;
      } catch (FsException e) {
        assertThat(e.errno()).isEqualTo(Errno.EIO);
        Thread.sleep(200);
      }
    }
  }
}
