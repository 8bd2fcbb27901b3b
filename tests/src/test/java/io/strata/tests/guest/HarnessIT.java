package io.strata.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The harness itself, by a back end that is known to be good. */
class HarnessIT {
  @Test
  void virtiofsdPasses() throws Exception {
    assumeTrue(
        GuestImage.missingPrograms().isEmpty(),
        () -> "SKIPPED: not installed: " + GuestImage.missingPrograms());
    assumeTrue(
        Files.isExecutable(BackEnd.VIRTIOFSD), "SKIPPED: " + BackEnd.VIRTIOFSD + " is missing");
    try (GuestLab lab = GuestLab.open(Path.of("."), "harness")) {
      Server server = lab.serve(BackEnd.virtiofsd(lab.folder("source")), 1);

      // It does not know FUSE_TMPFILE.
      List<String> said =
          lab.boot(GuestSpec.of("posix", server.socket(0)).with("without", "tmpfile")).finish();

      assertThat(said).noneMatch(line -> line.startsWith("FAIL "));
      assertThat(said).contains("ok create", "ok fcntl", "ok mmap-write");
    }
  }
}
