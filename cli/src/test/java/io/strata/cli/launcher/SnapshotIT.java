package io.strata.cli.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.cli.output.JsonTree;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
  void filesAreReplacedUnderAKernelThatKnowsThem() throws Exception {
    Path kept = Files.writeString(mount.resolve("kept"), "before, and longer");
    Path removed = Files.writeString(mount.resolve("removed"), "still here");
    succeed("snapshot", "create", mount.toString(), "s");
    Files.writeString(kept, "after");
    Files.delete(removed);

    String left;
    try (FileChannel unsynced =
        FileChannel.open(
            mount.resolve("new"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      unsynced.write(ByteBuffer.wrap("not yet on its way".getBytes(UTF_8)));
      JsonTree told =
          JsonTree.parse(succeed("snapshot", "rollback", "--json", mount.toString(), "s"));
      left = told.tree("left").text("name");
      assertThatThrownBy(() -> unsynced.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Stale file handle");
    }
    assertThat(kept).hasContent("before, and longer");
    assertThat(removed).hasContent("still here");
    assertThat(mount.resolve("new")).doesNotExist();
    assertThat(mount.resolve(".snapshots").resolve(left).resolve("new"))
        .hasContent("not yet on its way");

    succeed("recover", "--to=" + left, mount.toString());
    assertThat(kept).hasContent("after");
    assertThat(mount.resolve("new")).hasContent("not yet on its way");
    succeed("umount", mount.toString());
    assertThat(succeed("cat", url, "kept")).isEqualTo("after");
    succeed("snapshot", "rollback", url, "s");
    assertThat(succeed("cat", url, "kept")).isEqualTo("before, and longer");
    succeed("fsck", "--data", url);
  }

  /**
   * The kernel may hold back for half a minute what a program has written; not what this process
   * has, because all that it starts close its files, and that sends it.
   */
  @Test
  void aSnapshotHoldsWhatIsWrittenAndNotSynced() throws Exception {
    String clone = "file:" + folder.resolve("clone");
    Path file = mount.resolve("open");
    Process writer = new ProcessBuilder("dd", "bs=1", "of=" + file).start();
    try (BufferedWriter words = writer.outputWriter()) {
      write(words, "first", file, 5);
      succeed("snapshot", "create", mount.toString(), "s");
      write(words, "second", file, 11);
      succeed("snapshot", "clone", mount.toString(), clone);
      assertThat(mount.resolve(".snapshots/s/open")).hasContent("first");
      assertThat(succeed("cat", clone, "open")).isEqualTo("firstsecond");
    } finally {
      writer.destroyForcibly();
    }
  }

  private static void write(BufferedWriter words, String word, Path to, int length)
      throws Exception {
    words.write(word);
    words.flush();
    for (int i = 0; i < 1000 && !(Files.exists(to) && Files.size(to) == length); i++) {
      Thread.sleep(10);
    }
    assertThat(to).hasSize(length);
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

  private Launcher.Ended run(String... command) throws IOException, InterruptedException {
    return launcher.run(List.of(command), mount.toFile());
  }

  private String told(String... command) throws IOException, InterruptedException {
    Launcher.Ended ended = run(command);
    assertThat(ended.err()).as(String.join(" ", command)).isEmpty();
    assertThat(ended.status()).isZero();
    return ended.out().strip();
  }

  private void assertRefused(String why, String... command) throws Exception {
    Launcher.Ended ended = run(command);
    assertThat(ended.status()).as(String.join(" ", command)).isNotZero();
    assertThat(ended.err()).contains(why);
  }

  /** A tree that has something of everything, and a copy of it elsewhere. */
  private Path makeTree() throws Exception {
    Files.createDirectories(mount.resolve("d/e"));
    Files.writeString(mount.resolve("d/file"), "before");
    Files.createLink(mount.resolve("d/e/linked"), mount.resolve("d/file"));
    Files.createSymbolicLink(mount.resolve("d/symbolic"), Path.of("file"));
    told("truncate", "--size=1M", "d/sparse");
    for (int i = 0; i < 300; i++) {
      Files.writeString(mount.resolve("d/e/" + i), "number " + i);
    }
    Path copy = folder.resolve("copy");
    told("cp", "-a", mount.toString(), copy.toString());
    return copy;
  }

  @Test
  void snapshotsAreSeenInTheMountAsTheyWere() throws Exception {
    String copy = makeTree().toString();
    succeed("snapshot", "create", mount.toString(), "s");
    Files.writeString(mount.resolve("d/file"), "after");
    told("rm", "-r", "d/e");
    Files.writeString(mount.resolve("new"), "");

    String past = mount.resolve(".snapshots/s").toString();
    assertThat(told("ls", "-A")).isEqualTo("d\nnew");
    assertThat(told("ls", ".snapshots")).isEqualTo("s");
    told("diff", "-r", "--no-dereference", past, copy);
    assertThat(told("find", ".", "-name", "file")).isEqualTo("./d/file");
    told("cp", "-a", past + "/d/e", "restored");
    told("diff", "-r", "restored", copy + "/d/e");

    // Otherwise tar and cp -a would take two files for one with two names.
    String now = told("stat", "-c", "%i", "d/file");
    String then = told("stat", "-c", "%i", past + "/d/file");
    assertThat(told("stat", "-c", "%i", past + "/d/e/linked")).isEqualTo(then);
    assertThat(told("find", ".", ".snapshots/s", "-inum", now)).isEqualTo("./d/file");
    assertThat(told("find", ".", ".snapshots/s", "-inum", then).lines())
        .containsExactlyInAnyOrder(".snapshots/s/d/file", ".snapshots/s/d/e/linked");
    assertThat(told("stat", "-f", "-c", "%a", past)).as("blocks available").isEqualTo("0");

    succeed("umount", mount.toString());
    succeed("mount", "--background", "--log-file=" + folder.resolve("log"), url, mount.toString());
    assertThat(told("stat", "-c", "%i", past + "/d/file")).isEqualTo(then);
    told("diff", "-r", "--no-dereference", past, copy);
  }

  @Test
  void nothingInASnapshotIsWritten() throws Exception {
    makeTree();
    succeed("snapshot", "create", mount.toString(), "s");
    String readOnly = "Read-only file system";
    assertRefused(readOnly, "touch", ".snapshots/s/new");
    assertRefused(readOnly, "touch", ".snapshots/new");
    assertRefused(readOnly, "touch", ".snapshots/s/d/file");
    assertRefused(readOnly, "dd", "if=/dev/zero", "of=.snapshots/s/d/file", "count=1");
    assertRefused(readOnly, "truncate", "--size=1", ".snapshots/s/d/file");
    assertRefused(readOnly, "rm", "-r", ".snapshots/s");
    assertRefused(readOnly, "rmdir", ".snapshots");
    assertRefused(readOnly, "chmod", "700", ".snapshots/s/d");
    assertRefused(readOnly, "mv", ".snapshots/s/d", ".snapshots/s/f");
    assertRefused("Invalid cross-device link", "ln", ".snapshots/s/d/file", "linked");
    assertRefused("Invalid cross-device link", "ln", "d/file", ".snapshots/s/linked");
    assertRefused("File exists", "mkdir", ".snapshots");
    assertThat(mount.resolve(".snapshots/s/d/file")).hasContent("before");
  }

  @Test
  void aSnapshotThatIsDeletedWhileItIsReadIsStale() throws Exception {
    makeTree();
    succeed("snapshot", "create", mount.toString(), "s");
    try (var reader = Files.newInputStream(mount.resolve(".snapshots/s/d/file"))) {
      Files.writeString(mount.resolve("d/file"), "after");
      succeed("snapshot", "delete", mount.toString(), "s");
      succeed("gc", mount.toString());
      assertThatThrownBy(reader::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Stale file handle");
    }
    assertThat(told("ls", ".snapshots")).isEmpty();
    assertRefused("No such file", "ls", ".snapshots/s");
    succeed("snapshot", "create", mount.toString(), "s");
    assertThat(mount.resolve(".snapshots/s/d/file")).hasContent("after");
  }
}
