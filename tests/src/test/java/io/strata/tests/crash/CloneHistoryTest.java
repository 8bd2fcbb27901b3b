package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.Clock;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The garbage rule attacked: histories of writes, snapshots, clones of clones, rollbacks, deletions,
 * followers and killed processes, long enough that nothing is kept but what has a name. After each
 * look at a family every byte that any root reaches reads as it was, and the checks of all its
 * volumes find nothing; once all roots but one are gone, so is what they kept.
 *
 * <p>{@code -Dstrata.clones.tries=N} makes it N histories, {@code -Dstrata.clones.seed=N} one of them.
 */
final class CloneHistoryTest {
  private static final int STEPS = 150;
  private static final int MEMBERS_MAX = 5;

  /** Of a volume of which an operator would care what it takes: what is constant is little then. */
  private static final int IMAGE_BYTES = 1 << 20;

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void noVolumeLosesWhatAnotherLetsGo(@ForAll long anySeed) throws Exception {
    int tries = Integer.getInteger("strata.clones.tries", 4);
    Long chosen = Long.getLong("strata.clones.seed");
    for (int i = 0; i < (chosen == null ? tries : 1); i++) {
      live(chosen == null ? anySeed + i : chosen);
    }
  }

  /** Nobody waits for time that passes only between steps: compaction would, to be slow. */
  private record Restless(ManualClock clock) implements Clock {
    @Override
    public Instant now() {
      return clock.now();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration time) {
      // It has passed.
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, task);
    }
  }

  private static void live(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    Platform platform =
        new Platform(
            new Restless(clock),
            random.split(),
            ForkJoinPool.commonPool(),
            task -> Thread.ofVirtual().start(task));
    try (CloneFamily family = new CloneFamily(random, clock, platform)) {
      CloneFamily.Member first = family.any();
      first.apply(new Step.MakeFile("image"));
      first.apply(new Step.Write("image", 0, IMAGE_BYTES, seed));
      Map<CloneFamily.Member, Iterator<Step>> workloads = new HashMap<>();
      for (int i = 0; i < STEPS; i++) {
        clock.advance(Duration.ofMinutes(random.nextInt(180)));
        String what = "-Dstrata.clones.seed=%d, step %d".formatted(seed, i);
        CloneFamily.Member member = family.any();
        switch (random.nextInt(24)) {
          case 0, 1, 2 -> {
            if (family.size() < MEMBERS_MAX) {
              family.cloneOf(member);
            }
          }
          case 3 -> {
            if (family.size() > 1) {
              family.destroy(member);
            }
          }
          case 4, 5 -> member.kill();
          case 6 -> member.gather();
          case 7, 8 -> {
            int at = random.nextInt(IMAGE_BYTES);
            int length = 1 + random.nextInt(IMAGE_BYTES - at);
            member.apply(new Step.Write("image", at, length, random.nextLong()));
          }
          default ->
              member.apply(
                  workloads
                      .computeIfAbsent(
                          member, m -> Workload.snapshotSteps(random.nextLong(), STEPS).iterator())
                      .next());
        }
        if (random.nextInt(12) == 0) {
          family.check(what);
        }
      }
      family.check("-Dstrata.clones.seed=%d, at the end".formatted(seed));
      CloneFamily.Member survivor = family.any();
      family.leaveOnly(survivor);
      family.check("-Dstrata.clones.seed=%d, alone".formatted(seed));
      assertThat((double) family.storedBytes())
          .as("-Dstrata.clones.seed=%d: bytes in the bucket: %s", seed, survivor.space())
          .isLessThanOrEqualTo(1.3 * survivor.liveBytes());
    }
  }
}
