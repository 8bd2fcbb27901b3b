package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * mount(8), umount(8) and findmnt(8) themselves.
 *
 * <p>mount(8) looks for its helpers in /sbin and nowhere else. So all of it happens in a mount
 * namespace of its own, whose /sbin is a copy with our helper in it; this machine's stays as it is,
 * even if the test is killed.
 */
class MountEightIT {
  /** Incorrect invocation and mount failure, in mount(8). */
  private static final int WRONG_CALL = 1;

  private static final int MOUNT_FAILURE = 32;

  private static final String SETUP =
      """
      set -e
      sbin=$(readlink -f /sbin)
      mkdir inside
      mount -t tmpfs inside inside
      cd inside
      mkdir real sbin
      mount --bind "$sbin" real
      ln -s "$PWD"/real/* sbin/
      ln -s "$1" sbin/mount.strata
      mount --bind sbin "$sbin"
      """;

  @TempDir private Path folder;
  private Launcher launcher = new Launcher(Path.of("/nowhere"));
  private @Nullable Process namespace;
  private String mount = "";
  private String url = "";

  @BeforeEach
  void enter() throws IOException, InterruptedException {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be used here");
    launcher = new Launcher(folder.resolve("run"));
    assumeTrue(
        launcher.run(List.of("unshare", "--mount", "true"), new File("/")).status() == 0,
        "no mount namespace can be made here");
    mount = Files.createDirectory(folder.resolve("mnt")).toString();
    url = "file:" + folder.resolve("bucket");
    namespace = namespace();
    succeed("sh", "-c", SETUP, "sh", Launcher.repository().resolve("mount.strata").toString());
    assertThat(launcher.strata("format", url).status()).isZero();
  }

  /** A process in a namespace of its own, which lasts as long as it does. */
  private static Process namespace() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "unshare", "--mount", "--propagation", "private", "sh", "-c", "echo; sleep 600")
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('\n');
    return process;
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    Process process = namespace;
    if (process != null) {
      run("umount", mount);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
  }

  private Launcher.Ended run(String... command) throws IOException, InterruptedException {
    List<String> inside = new ArrayList<>(List.of("nsenter", "--mount", "--target"));
    inside.add(Long.toString(Objects.requireNonNull(namespace).pid()));
    // Who enters a namespace is at its root.
    inside.addAll(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()));
    inside.addAll(List.of(command));
    return launcher.run(inside, new File("/"));
  }

  private String succeed(String... command) throws IOException, InterruptedException {
    Launcher.Ended ended = run(command);
    assertThat(ended.err()).as(String.join(" ", command)).isEmpty();
    assertThat(ended.status()).isZero();
    return ended.out();
  }

  private String fail(int status, String... command) throws IOException, InterruptedException {
    Launcher.Ended ended = run(command);
    assertThat(ended.status()).as(String.join(" ", command) + ": " + ended.err()).isEqualTo(status);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(succeed("findmnt", "--noheadings", "--raw", "--output=TARGET"))
        .doesNotContain(mount);
    return ended.err();
  }

  private String mounted(String columns) throws IOException, InterruptedException {
    return succeed("findmnt", "--noheadings", "--raw", "--output=" + columns, mount).strip();
  }

  @Test
  void aUmountIsFollowedAtOnceByAMount() throws Exception {
    succeed("mount", "-t", "strata", url, mount, "-o", "nosuid,noatime,flush_size=1MiB");
    assertThat(mounted("SOURCE,FSTYPE")).isEqualTo(url + " fuse.strata");
    assertThat(mounted("OPTIONS").split(",")).contains("rw", "nosuid", "noatime");
    succeed("sh", "-c", "echo kept > mnt/file");

    succeed("umount", mount);
    succeed("mount", "-t", "strata", "-o", "ro", url, mount);

    assertThat(mounted("OPTIONS").split(",")).contains("ro");
    assertThat(succeed("cat", "mnt/file")).isEqualTo("kept\n");
    assertThat(run("touch", "mnt/file").status()).isNotZero();
  }

  @Test
  void aLineOfFstabIsMounted() throws Exception {
    Path config = Files.writeString(folder.resolve("conf"), "flush-size=2MiB\n");
    Path fstab =
        Files.writeString(
            folder.resolve("fstab"),
            "%s %s strata noatime,nofail,_netdev,x-systemd.requires=a.mount,config=%s 0 0\n"
                .formatted(url, mount, config));

    succeed("mount", "--fstab", fstab.toString(), mount);

    assertThat(mounted("SOURCE,FSTYPE")).isEqualTo(url + " fuse.strata");
    assertThat(mounted("OPTIONS").split(",")).contains("rw", "noatime");
    succeed("mount", "--fstab", fstab.toString(), "--all");
    succeed("umount", mount);
    succeed("mount", "--fstab", fstab.toString(), "--all");
    assertThat(mounted("FSTYPE")).isEqualTo("fuse.strata");

    succeed("umount", mount);
    Files.writeString(config, "flush-size=lots\n");
    assertThat(fail(MOUNT_FAILURE, "mount", "--fstab", fstab.toString(), mount))
        .contains("lots")
        .contains(config.toString());
  }

  @Test
  void whatIsWrongIsOneLineAndMountsStatus() throws Exception {
    String[] call = {"mount", "-t", "strata", url, mount, "-o"};
    assertThat(fail(WRONG_CALL, with(call, "frobnicate"))).contains("frobnicate");
    assertThat(fail(WRONG_CALL, with(call, "help"))).contains("help");
    assertThat(fail(MOUNT_FAILURE, with(call, "flush_size=lots"))).contains("lots");
    assertThat(fail(MOUNT_FAILURE, with(call, "config=/nowhere"))).contains("/nowhere");
    assertThat(fail(MOUNT_FAILURE, "mount", "-t", "strata", url + "2", mount))
        .contains(url + "2")
        .contains("no volume");
    assertThat(fail(MOUNT_FAILURE, "mount", "-t", "strata", url, mount + "2"))
        .contains(mount + "2")
        .contains("does not exist");
  }

  private static String[] with(String[] call, String last) {
    List<String> all = new ArrayList<>(List.of(call));
    all.add(last);
    return all.toArray(String[]::new);
  }
}
