package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  void aKernelForgetsWhatARollbackReplaces() throws Exception {
    Path kept = Files.writeString(mount.resolve("kept"), "before");
    Path removed = Files.writeString(mount.resolve("removed"), "still here");
    Path directory = Files.createDirectory(mount.resolve("d"));
    succeed("snapshot", "create", mount.toString(), "s");

    Files.writeString(kept, "after, and longer");
    Files.delete(removed);
    Path young = Files.writeString(directory.resolve("young"), "new");
    assertThat(kept).hasContent("after, and longer");
    assertThat(removed).doesNotExist();
    try (FileChannel open = FileChannel.open(young, StandardOpenOption.READ);
        FileChannel old = FileChannel.open(kept, StandardOpenOption.READ)) {
      JsonTree told =
          JsonTree.parse(succeed("snapshot", "rollback", "--json", mount.toString(), "s"));

      assertThat(kept).hasContent("before");
      assertThat(removed).hasContent("still here");
      assertThat(directory).isEmptyDirectory();
      ByteBuffer bytes = ByteBuffer.allocate(100);
      assertThat(old.read(bytes, 0)).isEqualTo("before".length());
      assertThatThrownBy(() -> open.read(ByteBuffer.allocate(10), 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Stale");
      Files.writeString(directory.resolve("young"), "again");

      String left = told.tree("left").text("name");
      assertThat(succeed("cat", "--at=" + left, url, "kept")).isEqualTo("after, and longer");
      succeed("snapshot", "rollback", mount.toString(), left);
      assertThat(kept).hasContent("after, and longer");
      assertThat(young).hasContent("new");
    }
    succeed("umount", mount.toString());
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
