package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a volume that a kernel has mounted and remembers. */
class SnapshotIT {
  @TempDir private Path folder;
  private Launcher launcher = new Launcher(Path.of("/nowhere"));
  private Path mount = Path.of("");
  private Path then = Path.of("");
  private String url = "";

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be used here");
    launcher = new Launcher(folder.resolve("run"));
    mount = Files.createDirectory(folder.resolve("mnt"));
    then = Files.createDirectory(folder.resolve("then"));
    url = "file:" + folder.resolve("bucket");
    succeed("format", url);
    succeed("mount", "--background", "--log-file=" + folder.resolve("log"), url, mount.toString());
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    launcher.strata("umount", "--force", mount.toString());
    launcher.strata("umount", "--force", then.toString());
  }

  private String succeed(String... arguments) throws IOException, InterruptedException {
    Launcher.Ended ended = launcher.strata(arguments);
    assertThat(ended.err()).as(String.join(" ", arguments)).isEmpty();
    assertThat(ended.status()).isZero();
    return ended.out();
  }

  @Test
  void filesAreNotReplacedUnderAKernelThatKnowsThem() throws Exception {
    Path kept = Files.writeString(mount.resolve("kept"), "before");
    Path removed = Files.writeString(mount.resolve("removed"), "still here");
    succeed("snapshot", "create", mount.toString(), "s");
    Files.writeString(kept, "after, and longer");
    Files.delete(removed);

    Launcher.Ended refused = launcher.strata("snapshot", "rollback", mount.toString(), "s");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.err()).contains("unmount it");
    assertThat(kept).hasContent("after, and longer");
    assertThat(removed).doesNotExist();
    succeed("umount", mount.toString());

    JsonTree told = JsonTree.parse(succeed("snapshot", "rollback", "--json", url, "s"));
    assertThat(succeed("cat", url, "kept")).isEqualTo("before");
    assertThat(succeed("cat", url, "removed")).isEqualTo("still here");
    String left = told.tree("left").text("name");
    assertThat(succeed("cat", "--at=" + left, url, "kept")).isEqualTo("after, and longer");
    succeed("snapshot", "rollback", url, left);
    assertThat(succeed("cat", url, "kept")).isEqualTo("after, and longer");
    succeed("fsck", "--data", url);
  }

  @Test
  void aSnapshotIsMountedBesideTheVolume() throws Exception {
    Path file = Files.writeString(mount.resolve("file"), "before");
    succeed("snapshot", "create", mount.toString(), "s");
    Files.writeString(file, "after");

    succeed("mount", "--background", "--at=s", url, then.toString());

    assertThat(then.resolve("file")).hasContent("before");
    assertThat(file).hasContent("after");
    assertThatThrownBy(() -> Files.writeString(then.resolve("other"), "x"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Read-only");
    assertThat(succeed("snapshot", "create", url, "t")).startsWith("snapshot t is head");
  }
}
