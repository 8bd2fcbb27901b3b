package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner and a follower, each a daemon and a mount of its own; only where one may mount. */
class FollowIT {
  /** Long after what is promised: a machine that is busy is no failure. */
  private static final int PATIENCE_SECONDS = 60;

  private static final int NAME_LENGTH = 8;

  @TempDir private Path folder;
  private Launcher launcher = new Launcher(Path.of("/nowhere"));
  private Path owner = Path.of("");
  private Path follower = Path.of("");
  private String url = "";

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be used here");
    launcher = new Launcher(folder.resolve("run"));
    owner = Files.createDirectory(folder.resolve("owner"));
    follower = Files.createDirectory(folder.resolve("follower"));
    url = "file:" + folder.resolve("bucket");
    succeed("format", url);
    succeed(
        "mount",
        "--background",
        "--flush-time=500ms",
        "--checkpoint-interval=2s",
        "--log-file=" + folder.resolve("owner.log"),
        url,
        owner.toString());
    succeed(
        "mount",
        "--background",
        "--follow",
        "--log-file=" + folder.resolve("follower.log"),
        url,
        follower.toString());
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    for (Path place : new Path[] {follower, owner}) {
      if (Files.readString(Path.of("/proc/mounts")).contains(" " + place + " ")) {
        launcher.strata("umount", "--force", place.toString());
      }
    }
  }

  private String succeed(String... arguments) throws IOException, InterruptedException {
    Launcher.Ended ended = launcher.strata(arguments);
    assertThat(ended.err()).as(String.join(" ", arguments)).isEmpty();
    assertThat(ended.status()).isZero();
    return ended.out();
  }

  /** Something that may fail as long as a file comes and goes. */
  @FunctionalInterface
  private interface Check {
    boolean holds() throws IOException;
  }

  private static void eventually(Check check) throws IOException, InterruptedException {
    for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
      if (check.holds()) {
        return;
      }
      Thread.sleep(100);
    }
    assertThat(check.holds()).as("after %d s", PATIENCE_SECONDS).isTrue();
  }

  private static void sync(Path file, byte[] bytes) throws IOException {
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      ((FileChannel) channel).force(true);
    }
  }

  private static String crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  @Test
  void whatTheOwnerDoesIsSeenAndNothingCanBeChanged() throws Exception {
    Path seen = follower.resolve("file");
    assertThat(seen).doesNotExist();
    sync(owner.resolve("file"), "one".getBytes(StandardCharsets.UTF_8));
    eventually(() -> Files.exists(seen) && Files.readString(seen).equals("one"));
    // The kernel has it in its caches now, and has to let go of it.
    sync(owner.resolve("file"), "two!".getBytes(StandardCharsets.UTF_8));
    eventually(() -> Files.readString(seen).equals("two!"));
    Files.move(owner.resolve("file"), owner.resolve("other"));
    eventually(() -> Files.notExists(seen) && Files.exists(follower.resolve("other")));
    assertThatThrownBy(
            () -> Files.writeString(follower.resolve("mine"), "no"))
        .isInstanceOf(FileSystemException.class);

    JsonTree stats = JsonTree.parse(succeed("stats", "--json", follower.toString()));
    assertThat(stats.tree("store").tree("put").integer("requests")).isZero();
    assertThat(stats.tree("follow").integer("groups")).isPositive();
    assertThat(succeed("stats", follower.toString())).contains("follow  ");
    succeed("umount", follower.toString());
    succeed("umount", owner.toString());
    assertThat(succeed("fsck", url)).endsWith("clean\n");
  }

  @Test
  void filesUnderChurnAreWhole() throws Exception {
    // A file's name is the checksum of what is in it; it is renamed into place when it is written.
    Random random = new Random(7);
    int last = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bytes = new byte[random.nextInt(300_000)];
      random.nextBytes(bytes);
      Path fresh = owner.resolve("fresh");
      Files.write(fresh, bytes);
      Files.move(fresh, owner.resolve(crc(bytes) + "-" + i));
      last = i;
      if (i >= 20) {
        String gone = "-" + (i - 20);
        try (var files = Files.list(owner)) {
          for (Path file : files.filter(f -> f.toString().endsWith(gone)).toList()) {
            Files.delete(file);
          }
        }
      }
      if (i % 10 == 0) {
        checkAll();
      }
    }
    String end = "-" + last;
    sync(owner.resolve("done"), new byte[1]);
    eventually(() -> Files.exists(follower.resolve("done")));
    assertThat(checkAll()).isEqualTo(20);
    try (var files = Files.list(follower)) {
      assertThat(files.filter(file -> file.toString().endsWith(end))).hasSize(1);
    }
    succeed("umount", follower.toString());
    succeed("umount", owner.toString());
    assertThat(succeed("fsck", "--data", url)).endsWith("clean\n");
  }

  /** How many files the follower shows, each of them with the bytes that it should have. */
  private int checkAll() throws IOException {
    int whole = 0;
    try (var files = Files.list(follower)) {
      for (Path file : files.filter(f -> f.getFileName().toString().contains("-")).toList()) {
        byte[] bytes;
        try {
          bytes = Files.readAllBytes(file);
        } catch (IOException removedMeanwhile) {
          continue;
        }
        assertThat(crc(bytes))
            .isEqualTo(file.getFileName().toString().substring(0, NAME_LENGTH));
        whole++;
      }
    }
    return whole;
  }
}
