package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.platform.SystemPlatform;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Owners that are killed, stopped or cut off at random moments while they count in a file, and are
 * followed by a standby. What was acknowledged, by whomever, must be there in the end and be seen by
 * every answer that was asked for after it. The seed is printed; {@code -Dstrata.takeover.seed=}
 * takes it, {@code -Dstrata.takeover.tries=} says how many owners follow.
 */
@Timeout(300)
final class TakeoverHistoryTest {
  private static final String FILE = "count";

  private final MemStore bucket = new MemStore();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile String wrong = "";

  /** Counts at a volume until that has no more to say. */
  private void count(Volume volume) {
    try {
      while (true) {
        long before = acknowledged.get();
        long seen = Site.read(volume, FILE);
        if (seen < before) {
          wrong = "%d was acknowledged, and %d read after that".formatted(before, seen);
        }
        long value = next.incrementAndGet();
        Site.write(volume, FILE, value, true);
        acknowledged.accumulateAndGet(value, Math::max);
        Thread.sleep(1);
      }
    } catch (FsException | InterruptedException ended) {
      // Fenced, or killed: what it has not acknowledged it has not promised.
      return;
    }
  }

  /** Looks at the count while its site runs, until there is no answer any more. */
  private void look(Site site, Volume volume) {
    try {
      while (true) {
        long before = acknowledged.get();
        if (!site.isStopped()) {
          long seen = Site.read(volume, FILE);
          if (seen < before && !site.isStopped()) {
            wrong = "%d was acknowledged, and %d read after that".formatted(before, seen);
          }
        }
        Thread.sleep(1);
      }
    } catch (FsException | InterruptedException ended) {
      return;
    }
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    long seed = Long.getLong("strata.takeover.seed", System.nanoTime());
    System.out.println("takeover history: seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Volume.format(bucket, FormatOptions.DEFAULT, SystemPlatform.create());
    List<Site> old = new ArrayList<>();
    Site owner = new Site("site 0", random.nextLong(), bucket);
    Volume volume = owner.open(owner.options(true));
    int tries = Integer.getInteger("strata.takeover.tries", 9);
    for (int i = 1; i <= tries; i++) {
      Volume open = volume;
      Site from = owner;
      Thread.ofVirtual().start(() -> count(open));
      Thread.ofVirtual().start(() -> look(from, open));
      Site standby = new Site("site " + i, random.nextLong(), bucket);
      Passing time = new Passing(List.of(owner, standby));
      var waiting = standby.opening(standby.options(true));
      try {
        awaitHeard(standby);
        long until = standby.nanoTime() + Duration.ofMillis(random.nextInt(3000)).toNanos();
        while (standby.nanoTime() < until) {
          Thread.sleep(1);
        }
        fail(owner, random.nextInt(3));
        volume = waiting.get();
        long first = Site.read(volume, FILE);
        assertThat(first)
            .as("seed %d, takeover %d", seed, i)
            .isGreaterThanOrEqualTo(acknowledged.get());
        Thread.sleep(100); // in which the new owner goes on, and the old one might answer
        recover(owner);
      } catch (ExecutionException e) {
        throw new AssertionError("seed " + seed + ", takeover " + i, e);
      } finally {
        time.end();
      }
      old.add(owner);
      owner = standby;
      assertThat(wrong).as("seed %d, takeover %d", seed, i).isEmpty();
    }
    old.forEach(Site::kill);
    assertThat(Site.read(volume, FILE)).isGreaterThanOrEqualTo(acknowledged.get());
    owner.kill();
  }

  private static void awaitHeard(Site standby) throws InterruptedException {
    OpeningEvents.Standing standing = standby.standing();
    while (standing == null || !standing.heard()) {
      Thread.sleep(1);
      standing = standby.standing();
    }
  }

  private static void fail(Site owner, int how) {
    switch (how) {
      case 0 -> owner.kill();
      case 1 -> owner.stop();
      default -> owner.cut();
    }
  }

  private static void recover(Site owner) {
    owner.mend();
    if (owner.isStopped()) {
      owner.goOn();
    }
  }
}
