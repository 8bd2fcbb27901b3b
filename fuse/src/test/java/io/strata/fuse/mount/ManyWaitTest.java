package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.Ino;
import io.strata.fuse.fake.Hindrance;
import io.strata.fuse.server.CacheMode;
import io.strata.fuse.server.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Far more requests wait for the store than there are buffers, and the others are answered. */
final class ManyWaitTest {
  private static final int BUFFERS = 16;
  private static final int PAGE_BYTES = 4096;
  private static final int REQUEST_BYTES = 1 << 20;

  /** Threads in the kernel cannot be ended: a test that waits must end by itself, and unmount. */
  private static final Duration WAITING_MAX = Duration.ofSeconds(40);

  @TempDir private Path directory;

  /** Data of all files but one is in the store, which does not answer before it is opened. */
  private static final class StalledStore implements Hindrance {
    final CountDownLatch open = new CountDownLatch(1);
    volatile Ino inMemory = Ino.ROOT;
    volatile boolean stalled;

    @Override
    public void before(String operation, Caller caller, Ino ino) throws FsException {
      if (!stalled || ino.equals(inMemory) || open.getCount() == 0) {
        return;
      }
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new FsException(Errno.EINTR, "interrupted", e);
      }
    }
  }

  private final StalledStore store = new StalledStore();
  private final ExecutorService programs =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  private @Nullable MountedFake mountedNow;

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  private void mount(CacheMode mode) throws IOException {
    MountOptions standard = MountOptions.of("mem:test");
    SessionOptions session =
        mode == CacheMode.ALWAYS ? SessionOptions.standard() : SessionOptions.of(mode);
    MountOptions few =
        new MountOptions(
            standard.source(),
            standard.flags(),
            standard.allowOther(),
            standard.readers(),
            (long) BUFFERS * REQUEST_BYTES,
            session);
    mountedNow = MountedFake.on(directory, few, store);
  }

  @AfterEach
  void unmount() throws Exception {
    store.open.countDown();
    programs.close();
    // Whoever enters a mount namespace of his own takes the mount along; this ends it all the same.
    mounted().mount.unmount(Unmount.ABORT);
    mounted().mount.await();
    assertThat(mounted().fileSystem.openHandles()).as("handles left open").isZero();
  }

  /** What waits. Where the kernel caches, it sends 192 of these at a time, and else all there are. */
  enum Kind {
    WRITES(CacheMode.ALWAYS, 100, PAGE_BYTES),
    UNCACHED_WRITES(CacheMode.NEVER, 100, PAGE_BYTES),
    // A kernel that writes back may send a file in two pieces.
    LARGE_WRITES(CacheMode.ALWAYS, BUFFERS, REQUEST_BYTES),
    // As many as there is memory for, and half of the buffers.
    LARGE_UNCACHED_WRITES(CacheMode.NEVER, BUFFERS + BUFFERS / 2, REQUEST_BYTES),
    LARGE_READS(CacheMode.ALWAYS, 50, REQUEST_BYTES),
    LARGE_UNCACHED_READS(CacheMode.NEVER, 50, REQUEST_BYTES);

    final CacheMode mode;
    final int count;
    final int bytes;

    Kind(CacheMode mode, int count, int bytes) {
      this.mode = mode;
      this.count = count;
      this.bytes = bytes;
    }

    boolean reads() {
      return this == LARGE_READS || this == LARGE_UNCACHED_READS;
    }

    byte[] before(int number) {
      return reads() ? content(number, bytes) : new byte[0];
    }
  }

  private static byte[] content(int number, int length) {
    byte[] bytes = new byte[length];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private MountedFake mounted() {
    return Objects.requireNonNull(mountedNow);
  }

  private static Ino inode(Path file) throws IOException {
    return new Ino((Long) Files.getAttribute(file, "unix:ino"));
  }

  /** Reads or writes a file so that the daemon is asked. */
  private static Object move(Path file, boolean reads, byte[] bytes) throws IOException {
    OpenOption how = reads ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(file, how)) {
      if (!reads) {
        assertThat(channel.write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
        channel.force(false);
        return file;
      }
      ByteBuffer got = ByteBuffer.allocate(bytes.length);
      int count;
      do {
        count = channel.read(got);
      } while (count > 0 && got.hasRemaining());
      assertThat(Arrays.equals(got.array(), bytes)).as("read from %s", file).isTrue();
      return file;
    }
  }

  /** Has as many requests wait as the kind says, in so many files. */
  private List<Future<Object>> begin(Kind kind) throws Exception {
    return begin(kind, kind.count, kind.count);
  }

  /** Has so many requests come, of which so many wait then. */
  private List<Future<Object>> begin(Kind kind, int count, int waiting) throws Exception {
    List<Callable<Object>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = Files.write(directory.resolve("file " + i), kind.before(i));
      byte[] bytes = content(i, kind.bytes);
      tasks.add(() -> move(file, kind.reads(), bytes));
    }
    // Or what the kernel holds back of these would be written when the store is stalled.
    mounted().mount.settle();
    for (int i = 0; i < count; i++) {
      mounted().mount.invalidateInode(inode(directory.resolve("file " + i)));
    }
    store.stalled = true;
    List<Future<Object>> begun = tasks.stream().map(programs::submit).toList();
    awaitWaiting(now -> now >= waiting, waiting);
    return begun;
  }

  private void awaitWaiting(int count) throws InterruptedException {
    awaitWaiting(now -> now == count, count);
  }

  private void awaitWaiting(IntPredicate enough, int count) throws InterruptedException {
    long deadline = System.nanoTime() + WAITING_MAX.toNanos();
    while (!enough.test(mounted().stats().waiting())) {
      assertThat(System.nanoTime() - deadline)
          .as("%d wait, not %d", mounted().stats().waiting(), count)
          .isNegative();
      Thread.sleep(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersAreAnsweredMeanwhile(Kind kind) throws Exception {
    mount(kind.mode);
    byte[] cached = content(-1, 3 * PAGE_BYTES);
    Path there = Files.write(directory.resolve("in memory"), cached);
    store.inMemory = inode(there);
    List<Future<Object>> waiting = begin(kind);

    Future<Object> others = programs.submit(() -> beServed(there, cached));
    others.get(WAITING_MAX.toSeconds(), TimeUnit.SECONDS);
    assertThat(waiting).noneMatch(Future::isDone);

    store.open.countDown();
    requireDone(waiting, kind);
  }

  private void requireDone(List<Future<Object>> moves, Kind kind) throws Exception {
    for (Future<Object> each : moves) {
      each.get();
    }
    for (int i = 0; i < moves.size(); i++) {
      byte[] bytes = Files.readAllBytes(directory.resolve("file " + i));
      assertThat(Arrays.equals(bytes, content(i, kind.bytes))).as("file %d", i).isTrue();
    }
  }

  /**
   * The bytes of a write have to be somewhere: then nothing more is read, which might bring others,
   * until the store is back.
   */
  @Test
  void ofMoreThanThereIsMemoryForSomeAreNotReadAndAllComeThrough() throws Exception {
    Kind kind = Kind.LARGE_UNCACHED_WRITES;
    mount(kind.mode);
    byte[] cached = content(-1, 3 * PAGE_BYTES);
    Path there = Files.write(directory.resolve("in memory"), cached);
    store.inMemory = inode(there);
    // The buffers, and as much as they are: one less if headers do not fit as well.
    int most = 2 * BUFFERS;
    List<Future<Object>> moves = begin(kind, 2 * most, most - 1);

    Future<Object> others = programs.submit(() -> beServed(there, cached));
    assertThat(mounted().stats().waiting()).isLessThanOrEqualTo(most);
    assertThat(moves).noneMatch(Future::isDone);

    store.open.countDown();
    others.get(WAITING_MAX.toSeconds(), TimeUnit.SECONDS);
    requireDone(moves, kind);
  }

  private Object beServed(Path there, byte[] cached) throws IOException {
    for (int i = 0; i < 10; i++) {
      // Names that the kernel has never asked for, and data that it has been made to forget.
      assertThat(Files.exists(directory.resolve("nothing " + i))).isFalse();
      Files.createFile(directory.resolve("new " + i));
      mounted().mount.invalidateInode(store.inMemory);
      assertThat(Files.readAllBytes(there)).isEqualTo(cached);
      move(there, false, cached);
    }
    return there;
  }

  @Test
  void whoWaitsForMemoryCanBeKilled() throws Exception {
    Kind kind = Kind.LARGE_UNCACHED_READS;
    mount(kind.mode);
    List<Future<Object>> waiting = begin(kind);
    Process killed =
        new ProcessBuilder("dd", "if=" + directory.resolve("file 0"), "of=/dev/null", "bs=1M")
            .redirectErrorStream(true)
            .start();
    awaitWaiting(kind.count + 1);
    killed.destroyForcibly();
    assertThat(killed.waitFor(WAITING_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
    awaitWaiting(kind.count);
    assertThat(waiting).noneMatch(Future::isDone);
  }
}
