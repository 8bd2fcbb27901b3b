package io.strata.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A lab with one fresh volume in it. */
final class VolumeLab implements AutoCloseable {
  private final Platform platform = SystemPlatform.create();
  private final GuestLab lab;
  private final Path bucket;

  private VolumeLab(GuestLab lab, Path bucket) {
    this.lab = lab;
    this.bucket = bucket;
  }

  /** Opens a lab and formats its volume; skips the test where a program is missing. */
  static VolumeLab open(String name) throws Exception {
    assumeGuests();
    GuestLab lab = GuestLab.open(Path.of("."), name);
    VolumeLab opened = new VolumeLab(lab, lab.folder("bucket"));
    try (ObjectStore store = FileStore.open(opened.bucket, opened.platform)) {
      Volume.format(store, FormatOptions.DEFAULT, opened.platform);
    }
    return opened;
  }

  /** Skips the test on a machine that cannot run guests. */
  static void assumeGuests() {
    List<String> missing = GuestImage.missingPrograms();
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: not installed: " + missing);
  }

  /** Serves the volume on so many sockets. */
  Server serve(int sockets, String... options) throws Exception {
    return lab.serve(lab.strata("file:" + bucket, options), sockets);
  }

  /** Runs a command about the snapshots of the volume, as an operator would. */
  void snapshot(String what, String name) throws Exception {
    lab.command("snapshot", what, "file:" + bucket, name);
  }

  Guest boot(GuestSpec spec) throws IOException {
    return lab.boot(spec);
  }

  /** Boots a guest, waits for its end, and wants every check that it made to have passed. */
  void run(GuestSpec spec) throws Exception {
    assertContent(boot(spec).finish());
  }

  /** Runs guests that wait for each other: what one signals, every other is told. */
  void runTogether(GuestSpec... specs) throws Exception {
    List<Guest> guests = new ArrayList<>();
    for (GuestSpec spec : specs) {
      guests.add(boot(spec));
    }
    List<Thread> relays = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Guest guest : guests) {
      List<Guest> others = guests.stream().filter(other -> other != guest).toList();
      Thread relay = Thread.ofVirtual().unstarted(() -> relay(guest, others));
      relay.setUncaughtExceptionHandler(
          (thread, failure) -> {
            synchronized (failures) {
              failures.add(failure);
            }
          });
      relay.start();
      relays.add(relay);
    }
    for (Thread relay : relays) {
      relay.join();
    }
    assertThat(failures).isEmpty();
    for (Guest guest : guests) {
      assertContent(guest.finish());
    }
  }

  private static void relay(Guest guest, List<Guest> others) {
    try {
      for (String word = guest.nextSignal(); word != null; word = guest.nextSignal()) {
        for (Guest other : others) {
          other.tell(word);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertContent(List<String> said) {
    assertThat(said).noneMatch(line -> line.startsWith("FAIL "));
    assertThat(said).anyMatch(line -> line.startsWith("ok "));
  }

  /** Ends the back end as an operator would, then checks the volume with all its data. */
  void stopAndCheck(Server server) throws Exception {
    assertThat(server.stop()).as("exit status of the back end").isZero();
    try (ObjectStore store = FileStore.open(bucket, platform)) {
      FsckReport report = Fsck.check(store, FsckOptions.DEFAULT.withData(true), platform);
      assertThat(report.errors()).as("fsck: %s", report.findings()).isZero();
    }
  }

  @Override
  public void close() throws IOException {
    lab.close();
  }
}
