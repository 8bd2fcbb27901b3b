package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.platform.Clock;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bytes are appended without the volume's lock, and so also in the midst of a freeze: after the open
 * segment was sealed and before the log's place is noted. What goes inline into the log then lies
 * before that place, and recovery does not read it.
 */
@Timeout(60)
final class AppendWhileFreezingTest {
  private static final OpenOptions TAKE_OVER = OpenOptions.DEFAULT.withTakeOver(true);
  private static final int BYTES = 5000;

  private final CountDownLatch appending = new CountDownLatch(1);
  private final CountDownLatch sealed = new CountDownLatch(1);
  private final CountDownLatch appended = new CountDownLatch(1);
  private final Platform platform =
      new Platform(
          new WriterClock(),
          new SplittableRandom(1),
          this::encode,
          task -> Thread.ofVirtual().start(task));
  private final MemStore bucket = new MemStore();
  private volatile @Nullable Thread writer;
  private volatile @Nullable Thread freezer;

  /** Stops the writer where it asks for the time in the midst of an append. */
  private final class WriterClock implements Clock {
    private final ManualClock clock =
        ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));

    @Override
    public long nanoTime() {
      if (Thread.currentThread().equals(writer)) {
        if (!isAppending()) {
          if (sealed.getCount() == 0) {
            appended.countDown();
          }
        } else if (appending.getCount() > 0) {
          appending.countDown();
          await(sealed);
        }
      }
      return clock.nanoTime();
    }

    @Override
    public Instant now() {
      return clock.now();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      clock.sleep(time);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, task);
    }
  }

  private static boolean isAppending() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame ->
                        frame.getClassName().equals(OwnerEngine.class.getName())
                            && frame.getMethodName().equals("append")));
  }

  /** A freeze has its open segment's last block compressed when it has sealed it. */
  private void encode(Runnable task) {
    if (Thread.currentThread().equals(freezer) && sealed.getCount() > 0) {
      sealed.countDown();
      await(appended);
    }
    ForkJoinPool.commonPool().execute(task);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] content(int seed) {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static long create(FileSystem files, String name) throws Exception {
    Opened opened =
        files.create(
            Caller.ROOT,
            Ino.ROOT,
            FileName.of(name),
            new NewNode(0100644, 0),
            OpenFlags.READ_WRITE);
    return opened.handle();
  }

  private static byte[] read(FileSystem files, String name) throws Exception {
    Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
    byte[] bytes = new byte[BYTES];
    assertThat(files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes))).isEqualTo(BYTES);
    files.release(handle);
    return bytes;
  }

  @Test
  void whatWasAppendedMeanwhileAndSyncedAfterwardsIsThereAfterACrash() throws Exception {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    FaultStore life = new FaultStore(bucket, FaultPlan.none());
    Volume volume = Volume.open(life, TAKE_OVER, platform);
    FileSystem files = volume.fileSystem();
    long early = create(files, "early");
    long late = create(files, "late");
    files.write(Caller.ROOT, early, 0, MemorySegment.ofArray(content(1)), false);
    FutureTask<Boolean> writing =
        new FutureTask<>(
            () -> {
              files.write(Caller.ROOT, late, 0, MemorySegment.ofArray(content(2)), false);
              files.sync(Caller.ROOT, late, false);
              return true;
            });
    Thread thread = Thread.ofPlatform().daemon().unstarted(writing);
    writer = thread;
    thread.start();
    appending.await();

    freezer = Thread.currentThread();
    volume.checkpoint();
    assertThat(writing.get()).isTrue();
    life.crash();
    volume.abandon();

    try (Volume again = Volume.open(bucket, TAKE_OVER, platform)) {
      assertThat(read(again.fileSystem(), "early")).isEqualTo(content(1));
      assertThat(read(again.fileSystem(), "late")).isEqualTo(content(2));
    }
  }
}
