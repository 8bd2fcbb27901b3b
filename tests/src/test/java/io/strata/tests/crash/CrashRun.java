package io.strata.tests.crash;

import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * One life of a volume: a workload over a store that dies at a chosen request.
 *
 * <p>The clock stands still, so nothing happens in the background that no step asked for. Threads
 * are real: which request is the n-th may differ from run to run where several are in flight, and
 * every outcome must be right.
 */
final class CrashRun {
  /** Small, so that a short workload seals segments, waits for room and fills log entries. */
  static final VolumeLimits LIMITS =
      new VolumeLimits(128 << 10, 512 << 10, 1 << 20, 1 << 20, 512 << 10, 16 << 10, 1 << 20);

  /** More than a life lasts that has learnt that it is over. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final Duration LONG = Duration.ofDays(1000);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** What is true when it is over. */
  record Outcome(MemStore bucket, int acknowledged, int begun, long requests, boolean crashed) {}

  private final long seed;

  CrashRun(long seed) {
    this.seed = seed;
  }

  static OpenOptions options() {
    return OpenOptions.DEFAULT.withTimes(LONG, LONG).withLimits(LIMITS).withTakeOver(true);
  }

  /** A platform whose clock stands still. */
  Platform platform() {
    Executor virtual = task -> Thread.ofVirtual().start(task);
    return new Platform(
        ManualClock.startingAt(START),
        new SplittableRandom(seed),
        ForkJoinPool.commonPool(),
        virtual);
  }

  /** A new volume. */
  MemStore format() throws IOException {
    MemStore bucket = new MemStore();
    Volume.format(bucket, FormatOptions.DEFAULT, platform());
    return bucket;
  }

  /**
   * Opens the volume, does the steps, closes it; the store dies as {@code fault} says at request
   * {@code at}, or never if that is 0.
   */
  Outcome run(MemStore bucket, List<Step> steps, long at, Fault fault) throws Exception {
    Life life = new Life();
    FaultStore store = new FaultStore(bucket, life.planned(at, fault));
    life.thread = Thread.ofVirtual().unstarted(() -> life.live(store, steps));
    life.thread.start();
    while (!life.thread.join(PATIENCE)) {
      if (store.crashed()) {
        // It waits for another thread, which waits for the dead store in a time that stands still.
        life.open.forEach(Volume::abandon);
      }
    }
    if (life.failure != null && !store.crashed()) {
      throw new AssertionError("failed without a crash", life.failure);
    }
    // What is in flight may still land, as it may in the world; then nothing does any more.
    store.crash();
    return new Outcome(
        bucket.copy(), life.acknowledged, life.begun, store.requests(), life.failure != null);
  }

  /** The thread that works, and what it has got done. */
  private final class Life {
    private Thread thread = Thread.currentThread();
    private volatile int acknowledged;
    private volatile int begun;
    private volatile @Nullable Exception failure;
    private final List<Volume> open = new CopyOnWriteArrayList<>();

    private FaultPlan planned(long at, Fault fault) {
      return request -> {
        if (request.sequence() != at) {
          return Fault.PASS;
        }
        thread.interrupt();
        return fault;
      };
    }

    private void live(FaultStore store, List<Step> steps) {
      try {
        Volume volume = Volume.open(store, options(), platform());
        open.add(volume);
        VolumeSteps does = new VolumeSteps(volume);
        for (int i = 0; i < steps.size(); i++) {
          begun = i + 1;
          if (does.apply(steps.get(i)) && steps.get(i).isDurable()) {
            if (store.crashed()) {
              // The step may have had nothing to make durable; it promised nothing new then.
              continue;
            }
            acknowledged = i + 1;
          }
        }
        volume.close();
        if (!store.crashed()) {
          acknowledged = steps.size();
        }
      } catch (IOException | RuntimeException e) {
        failure = e;
      } finally {
        open.forEach(Volume::abandon);
      }
    }
  }
}
