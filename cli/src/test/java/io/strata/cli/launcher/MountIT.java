package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.cli.output.JsonTree;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons, mounts and signals; only where one may mount. */
class MountIT {
  private static final int IN_USE = 3;

  @TempDir private Path folder;
  private Launcher launcher = new Launcher(Path.of("/nowhere"));
  private Path mount = Path.of("");
  private String url = "";

  @BeforeEach
  void format() throws IOException, InterruptedException {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be used here");
    launcher = new Launcher(folder.resolve("run"));
    mount = Files.createDirectory(folder.resolve("mnt"));
    url = "file:" + folder.resolve("bucket");
    succeed("format", url);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (isMounted()) {
      launcher.strata("umount", "--force", mount.toString());
    }
  }

  private String succeed(String... arguments) throws IOException, InterruptedException {
    Launcher.Ended ended = launcher.strata(arguments);
    assertThat(ended.err()).as(String.join(" ", arguments)).isEmpty();
    assertThat(ended.status()).isZero();
    return ended.out();
  }

  private void mountInBackground() throws IOException, InterruptedException {
    succeed("mount", "--background", "--log-file=" + folder.resolve("log"), url, mount.toString());
  }

  private String mountLine() throws IOException {
    return Files.readAllLines(Path.of("/proc/mounts"), StandardCharsets.UTF_8).stream()
        .filter(line -> line.contains(" " + mount + " "))
        .findAny()
        .orElse("");
  }

  private boolean isMounted() throws IOException {
    return !mountLine().isEmpty();
  }

  private ProcessHandle daemon() throws IOException, InterruptedException {
    JsonTree stats = JsonTree.parse(succeed("stats", "--json", mount.toString()));
    return ProcessHandle.of(stats.integer("pid")).orElseThrow();
  }

  @Test
  void umountIsFollowedAtOnceByAMount() throws Exception {
    mountInBackground();
    assertThat(mountLine()).startsWith(url + " " + mount + " fuse.strata rw,");
    Files.writeString(mount.resolve("file"), "kept");

    succeed("umount", mount.toString());
    assertThat(isMounted()).isFalse();
    mountInBackground();

    assertThat(mount.resolve("file")).hasContent("kept");
    ProcessHandle daemon = daemon();
    assertThat(new ProcessBuilder("umount", mount.toString()).start().waitFor()).isZero();
    mountInBackground();
    // It has closed the volume; the process has its own end to come to.
    daemon.onExit().get(60, TimeUnit.SECONDS);
    assertThat(mount.resolve("file")).hasContent("kept");
  }

  @Test
  void theDaemonAnswersQuestions() throws Exception {
    mountInBackground();
    Files.writeString(mount.resolve("file"), "some bytes");

    assertThat(succeed("stats", mount.toString())).startsWith(url + " on " + mount);
    JsonTree stats = JsonTree.parse(succeed("stats", "--json", url));
    assertThat(stats.tree("operations").tree("CREATE").integer("requests")).isEqualTo(1);
    assertThat(stats.tree("volume").integer("inodes")).isEqualTo(2);
    JsonTree checkpoint = JsonTree.parse(succeed("checkpoint", "now", "--json", mount.toString()));
    assertThat(checkpoint.integer("head")).isGreaterThan(stats.tree("volume").integer("head"));
    assertThat(succeed("checkpoint", "list", mount.toString()).lines()).hasSizeGreaterThan(2);
    assertThat(succeed("ls", url)).isEqualTo("file\n");
  }

  @Test
  void aSecondDaemonIsRefusedAndChangesNothing() throws Exception {
    mountInBackground();
    Path other = Files.createDirectory(folder.resolve("other"));
    String before = succeed("info", "--json", url);

    Launcher.Ended second = launcher.strata("mount", url, other.toString());
    Launcher stranger = new Launcher(folder.resolve("run2"));
    Launcher.Ended unknown = stranger.strata("mount", "--background", url, other.toString());

    assertThat(second.status()).isEqualTo(IN_USE);
    assertThat(second.err().lines()).hasSize(1);
    assertThat(second.err()).contains(mount.toString()).contains("--take-over");
    assertThat(unknown.status()).isEqualTo(IN_USE);
    assertThat(unknown.err()).contains("process " + daemon().pid()).contains("--take-over");
    assertThat(succeed("info", "--json", url)).isEqualTo(before);
    Files.writeString(mount.resolve("file"), "the first goes on");
  }

  @Test
  void whoeverIsTakenOverEnds() throws Exception {
    mountInBackground();
    Files.writeString(mount.resolve("file"), "kept");
    succeed("checkpoint", "now", mount.toString());
    ProcessHandle first = daemon();
    Path other = Files.createDirectory(folder.resolve("other"));

    succeed("mount", "--background", "--take-over", url, other.toString());

    assertThat(other.resolve("file")).hasContent("kept");
    Files.writeString(other.resolve("mine"), "now");
    Process sync = new ProcessBuilder("touch", mount.resolve("late").toString()).start();
    sync.waitFor();
    first.onExit().get(60, TimeUnit.SECONDS);
    assertThat(isMounted()).isFalse();
    assertThat(other.resolve("mine")).hasContent("now");
    succeed("umount", other.toString());
    assertThat(succeed("fsck", url)).endsWith("clean\n");
  }

  @Test
  void aKilledDaemonIsReplaced() throws Exception {
    mountInBackground();
    Files.writeString(mount.resolve("file"), "kept");
    succeed("checkpoint", "now", mount.toString());
    ProcessHandle daemon = daemon();
    daemon.destroyForcibly();
    daemon.onExit().get(60, TimeUnit.SECONDS);

    mountInBackground();

    assertThat(mount.resolve("file")).hasContent("kept");
    succeed("umount", mount.toString());
    assertThat(succeed("fsck", "--data", url)).endsWith("clean\n");
  }

  @Test
  void theEndOfADaemonThatWasKilledCanBeUnmounted() throws Exception {
    mountInBackground();
    ProcessHandle daemon = daemon();
    daemon.destroyForcibly();
    daemon.onExit().get(60, TimeUnit.SECONDS);

    succeed("umount", mount.toString());

    assertThat(isMounted()).isFalse();
  }

  @Test
  void aSignalEndsItWell() throws Exception {
    Process process = launcher.start("mount", url, mount.toString());
    while (!isMounted()) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(50);
    }
    Files.writeString(mount.resolve("file"), "kept");

    process.destroy(); // SIGTERM
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).isZero();
    assertThat(isMounted()).isFalse();
    assertThat(succeed("cat", url, "file")).isEqualTo("kept");
    assertThat(succeed("info", url)).contains("state       closed");
  }

  @Test
  void aMountThatIsInUseIsNotUnmountedExceptByForce() throws Exception {
    mountInBackground();
    Process user = new ProcessBuilder("sleep", "600").directory(mount.toFile()).start();
    try {
      Launcher.Ended refused = launcher.strata("umount", mount.toString());
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err().lines()).hasSize(1);
      assertThat(refused.err()).contains("in use");

      succeed("umount", "--force", mount.toString());
      assertThat(isMounted()).isFalse();
    } finally {
      user.destroyForcibly().waitFor();
    }
  }

  @Test
  void aBadMountPointIsFoundBeforeTheVolumeIsTouched() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    String before = succeed("info", "--json", url);

    for (String place : List.of(folder + "/missing", file.toString())) {
      for (String how : List.of("--background", "--read-only")) {
        Launcher.Ended ended = launcher.strata("mount", how, url, place);
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).contains(place);
      }
    }

    assertThat(succeed("info", "--json", url)).isEqualTo(before);
  }

  @Test
  void readOnlyShowsTheBucketAndChangesNothing() throws Exception {
    succeed("put", url, Launcher.repository().resolve("pom.xml").toString(), "pom");
    String before = succeed("info", "--json", url);

    succeed(
        "mount",
        "--background",
        "--read-only",
        "--log-file=" + folder.resolve("log"),
        url,
        mount.toString());

    assertThat(mountLine()).contains(" ro,");
    assertThat(mount.resolve("pom"))
        .hasSameTextualContentAs(Launcher.repository().resolve("pom.xml"));
    assertThat(new ProcessBuilder("touch", mount.resolve("x").toString()).start().waitFor())
        .isNotZero();
    succeed("umount", mount.toString());
    assertThat(succeed("info", "--json", url)).isEqualTo(before);
  }

  @Test
  void mountsAsMountEightAsks() throws Exception {
    List<String> helper =
        Launcher.script(
            "mount.strata",
            url,
            mount.toString(),
            "-o",
            "rw,noatime,nosuid,_netdev,noauto,x-systemd.automount,flush_size=1MiB,log_file="
                + folder.resolve("log"));

    Launcher.Ended ended = launcher.run(helper, new File("/"));

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(mountLine()).startsWith(url).contains("nosuid").contains("noatime");
    Launcher.Ended again = launcher.run(helper, new File("/"));
    assertThat(again.status()).isEqualTo(32);
    Launcher.Ended unknown =
        launcher.run(
            Launcher.script("mount.strata", url, mount.toString(), "-o", "frobnicate"),
            new File("/"));
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("frobnicate");
  }
}
