package io.strata.tests.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.MountOptions;
import io.strata.fuse.mount.Unmount;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each script gets a fresh volume, mounted; its exit status is the verdict. Then the volume is
 * unmounted and checked.
 */
final class RealProgramsTest {
  private static final Path SCRIPTS = Path.of("programs");
  private static final int SCRIPT_MINUTES_MAX = 8;

  static List<String> scripts() throws IOException {
    try (Stream<Path> found = Files.list(SCRIPTS)) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  @Timeout(value = SCRIPT_MINUTES_MAX + 1, unit = TimeUnit.MINUTES)
  void aProgramIsContent(String script, @TempDir Path folder) throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: /dev/fuse cannot be opened");
    Path path = SCRIPTS.resolve(script).toAbsolutePath();
    for (String program : needs(path)) {
      assumeTrue(isInstalled(program), "SKIPPED: " + program + " is not installed");
    }
    Platform platform = SystemPlatform.create();
    Path mountPoint = Files.createDirectory(folder.resolve("mount"));
    Path log = folder.resolve("log");
    try (ObjectStore store = FileStore.open(folder.resolve("bucket"), platform)) {
      Volume.format(store, FormatOptions.DEFAULT, platform);
      int status;
      try (Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform);
          FuseMount mount =
              FuseMount.mount(
                  volume.fileSystem(), mountPoint, MountOptions.of("file:test"), platform)) {
        status = run(path, mountPoint, log);
        mount.unmount(status == 0 ? Unmount.IF_UNUSED : Unmount.DETACH);
      }
      assertThat(status)
          .as("exit status of %s; it said:%n%s", script, Files.readString(log))
          .isZero();
      FsckReport report = Fsck.check(store, FsckOptions.DEFAULT, platform);
      assertThat(report.errors())
          .as("fsck after %s: %s", script, report.findings())
          .isZero();
    }
  }

  private static int run(Path script, Path mountPoint, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(script.toString(), mountPoint.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(SCRIPT_MINUTES_MAX, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return -1;
    }
    return process.exitValue();
  }

  private static List<String> needs(Path script) throws IOException {
    return Files.readAllLines(script).stream()
        .filter(line -> line.startsWith("# needs: "))
        .flatMap(line -> Stream.of(line.substring(9).split(" ")))
        .toList();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
