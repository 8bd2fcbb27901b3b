package io.strata.tests.guest;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One guest, and two that live together. */
class GuestIT {
  private static final int BULK_MIB = 256;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "always", "never"})
  void posixHolds(String cache) throws Exception {
    try (VolumeLab lab = VolumeLab.open("posix-" + cache)) {
      Server server = lab.serve(1, "--cache", cache);
      // Before Linux 6.6 what is not cached cannot be mapped and written.
      String without = cache.equals("never") ? "mmap-write" : "";
      lab.run(GuestSpec.of("posix", server.socket(0)).with("without", without));
      lab.stopAndCheck(server);
    }
  }

  @Test
  void largeFileReadsBackCold() throws Exception {
    try (VolumeLab lab = VolumeLab.open("bulk")) {
      Server server = lab.serve(1);
      lab.run(
          GuestSpec.of("bulk", server.socket(0))
              .with("mib", String.valueOf(BULK_MIB))
              .sized(512, Duration.ofMinutes(4)));
      lab.stopAndCheck(server);
    }
  }

  @Test
  void snapshotsAreFilesystemsOfTheirOwn() throws Exception {
    try (VolumeLab lab = VolumeLab.open("snapshots")) {
      Server server = lab.serve(1);
      Guest guest = lab.boot(GuestSpec.of("snapshots", server.socket(0)));
      guest.await("signal first");
      lab.snapshot("create", "a");
      lab.snapshot("create", "b");
      guest.tell("made");
      guest.await("signal second");
      lab.snapshot("delete", "b");
      guest.tell("deleted");
      VolumeLab.assertContent(guest.finish());
      lab.stopAndCheck(server);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void twoGuestsSeeEachOther(String cache) throws Exception {
    try (VolumeLab lab = VolumeLab.open("pair-" + cache)) {
      Server server = lab.serve(2, "--cache", cache);
      lab.runTogether(pair(server, 0, "a", cache), pair(server, 1, "b", cache));
      lab.stopAndCheck(server);
    }
  }

  private static GuestSpec pair(Server server, int socket, String role, String cache) {
    return GuestSpec.of("pair", server.socket(socket))
        .named(role)
        .with("role", role)
        // What the kernel may keep is good for a second.
        .with("patience", cache.equals("never") ? "0" : "2")
        .with("locks", "shared");
  }
}
