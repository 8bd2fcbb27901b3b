package io.strata.tests.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.tests.takeover.Bucket.S3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two daemons serve a volume in turn and lose nothing that was acknowledged, whatever happens to the
 * owner; {@code tests/takeover} does it for longer.
 */
final class TakeoverIT {
  private static final long SEED = 4;

  @BeforeAll
  static void needsNamespacesAndMounts() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "SKIPPED: there is no /dev/fuse");
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "SKIPPED: only root makes namespaces");
    for (String program : List.of("ip", "unshare", "nsenter", "curl")) {
      assumeTrue(
          List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/").stream()
              .anyMatch(folder -> Files.isExecutable(Path.of(folder + program))),
          "SKIPPED: not installed: " + program);
    }
  }

  private static void run(@Nullable S3 bucket, boolean machines, int rounds) throws Exception {
    List<String> violations;
    try (Lab lab = Lab.open(Path.of("."), bucket, machines)) {
      violations = new Rounds(lab, SEED, System.out).run(rounds);
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void hostsFollowEachOther() throws Exception {
    String name = "takeover-it-" + ProcessHandle.current().pid();
    S3 bucket = S3.create(name, System.getenv());
    assumeTrue(bucket != null, "SKIPPED: no S3 server: eval \"$(dev/s3-server start)\"");
    run(bucket, true, 2 * Fault.all(true).size());
  }

  @Test
  void daemonsOfOneMachineFollowEachOther() throws Exception {
    run(null, false, Fault.all(false).size());
  }
}
