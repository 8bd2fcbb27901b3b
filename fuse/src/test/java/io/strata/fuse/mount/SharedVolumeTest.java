package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fs.locks.LockLimits;
import io.strata.fs.locks.LockTable;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.Shell;
import io.strata.fuse.server.CacheMode;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One filesystem that is mounted twice: to the kernel two, each with caches of its own. */
@Timeout(120)
class SharedVolumeTest {
  @TempDir private Path directory;

  private final MemFileSystem fileSystem = new MemFileSystem();
  private final LockTable locks = new LockTable(LockLimits.STANDARD);

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  private FuseMount mount(String name, CacheMode cache) throws IOException {
    Path point = Files.createDirectory(directory.resolve(name));
    return FuseMount.mount(
        fileSystem,
        point,
        MountOptions.of("mem:" + name).withSession(SessionOptions.of(cache)),
        SystemPlatform.create(),
        Mounter.ofThisProcess(),
        locks.session());
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    channel.read(bytes, 0);
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static FileChannel open(FuseMount mount, String name) throws IOException {
    return FileChannel.open(
        mount.directory().resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  @Test
  void withNothingCachedChangesAreSeenAtOnce() throws Exception {
    try (FuseMount one = mount("one", CacheMode.NEVER);
        FuseMount other = mount("other", CacheMode.NEVER)) {
      Path absent = other.directory().resolve("f");
      assertThat(absent).doesNotExist();
      try (FileChannel here = open(one, "f");
          FileChannel there = open(other, "f")) {
        for (String text : new String[] {"first", "second, longer", "3"}) {
          here.truncate(0);
          write(here, text);
          assertThat(there.size()).isEqualTo(text.length());
          assertThat(read(there)).isEqualTo(text);
        }
      }
      Files.delete(one.directory().resolve("f"));
      assertThat(absent).doesNotExist();
    }
  }

  @Test
  void withShortCachingChangesAreSeenSoon() throws Exception {
    try (FuseMount one = mount("one", CacheMode.AUTO);
        FuseMount other = mount("other", CacheMode.AUTO);
        FileChannel here = open(one, "f");
        FileChannel there = open(other, "f")) {
      for (String text : new String[] {"first", "second, longer", "3", ""}) {
        here.truncate(0);
        write(here, text);
        // The test's time limit is what ends this if it never comes.
        while (there.size() != text.length() || !read(there).equals(text)) {
          Thread.sleep(20);
        }
      }
    }
  }

  @Test
  void appendsOfBothAreAllThere() throws Exception {
    try (FuseMount one = mount("one", CacheMode.AUTO);
        FuseMount other = mount("other", CacheMode.NEVER)) {
      String append = "i=0; while [ $i -lt 300 ]; do echo line >> f; i=$((i+1)); done";
      Process there = Shell.start(other.directory(), append);
      Shell.check(one.directory(), append);
      assertThat(there.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(there.exitValue()).isZero();
      try (FileChannel file = open(other, "f")) {
        assertThat(file.size()).isEqualTo(600L * "line\n".length());
      }
      assertThat(Files.readAllLines(other.directory().resolve("f")))
          .hasSize(600)
          .containsOnly("line");
    }
  }

  @Test
  void byteRangesAreLockedForBoth() throws Exception {
    try (FuseMount one = mount("one", CacheMode.AUTO);
        FuseMount other = mount("other", CacheMode.AUTO);
        FileChannel here = open(one, "f")) {
      FileChannel there = open(other, "f");
      FileLock held = here.lock(0, 10, false);
      assertThat(there.tryLock(5, 10, true)).isNull();
      assertThat(there.tryLock(10, 10, false)).as("beside it").isNotNull();
      CompletableFuture<FileLock> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return there.lock(0, 5, true);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(there.tryLock(9, 1, true)).isNull();
      assertThat(waiting).isNotDone();
      held.release();
      assertThat(waiting.get(60, TimeUnit.SECONDS).isValid()).isTrue();
      assertThat(here.tryLock(0, 1, false)).isNull();
      there.close();
      assertThat(here.tryLock(0, 1, false)).as("the other process has closed it").isNotNull();
    }
  }

  @Test
  void wholeFilesAreLockedForBoth() throws Exception {
    try (FuseMount one = mount("one", CacheMode.AUTO);
        FuseMount other = mount("other", CacheMode.AUTO)) {
      Files.createFile(one.directory().resolve("f"));
      Path elsewhere = other.directory().resolve("f");
      String whileHeld = "flock -n -s %s -c 'echo got it' || echo refused".formatted(elsewhere);
      String output =
          Shell.check(one.directory(), "flock f sh -c \"%s\"; %s".formatted(whileHeld, whileHeld));
      assertThat(output.lines()).containsExactly("refused", "got it");
    }
  }

  /** Linux tells nobody that it closes a file with such locks: only that the file is closed. */
  @Test
  void locksOfAnOpenFileEndWithIt() throws Exception {
    assumeTrue(Shell.has("python3"), "SKIPPED: there is no python3");
    String script =
        """
        import fcntl, os, struct, sys
        try_it, wait = 37, 38
        def lock(path, how):
            file = os.open(path, os.O_RDWR)
            try:
                fcntl.fcntl(file, how, struct.pack('hhqqixxxx', fcntl.F_WRLCK, 0, 0, 0, 0))
                print('got it')
            except OSError:
                print('refused')
            return file
        here = lock(sys.argv[1], try_it)
        there = lock(sys.argv[2], try_it)
        os.close(there)
        os.close(here)
        there = lock(sys.argv[2], wait)
        """;
    try (FuseMount one = mount("one", CacheMode.AUTO);
        FuseMount other = mount("other", CacheMode.AUTO)) {
      Path here = Files.createFile(one.directory().resolve("f"));
      Path there = other.directory().resolve("f");
      Path program = Files.writeString(directory.resolve("ofd.py"), script);
      assertThat(Shell.check(null, "python3 %s %s %s".formatted(program, here, there)).lines())
          .containsExactly("got it", "refused", "got it");
    }
  }

  @Test
  void whoeverUnmountsHoldsNothing() throws Exception {
    try (FuseMount other = mount("other", CacheMode.AUTO);
        FileChannel there = open(other, "f")) {
      FuseMount one = mount("one", CacheMode.AUTO);
      FileChannel here = open(one, "f");
      assertThat(here.tryLock(0, 10, false)).isNotNull();
      assertThat(there.tryLock(0, 10, false)).isNull();
      one.unmount(Unmount.ABORT);
      one.await();
      assertThatThrownBy(here::close).isInstanceOf(IOException.class);
      assertThat(there.tryLock(0, 10, false)).isNotNull();
    }
  }
}
