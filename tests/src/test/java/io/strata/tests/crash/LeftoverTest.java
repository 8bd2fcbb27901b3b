package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.volume.Leftovers;
import io.strata.fs.volume.Volume;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.store.ObjectKey;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What crashes leave behind is found and deleted, and nothing else is.
 *
 * <p>A history with snapshots and rollbacks is killed at every one of its requests in turn, and the
 * volume then collects its garbage: every state that can be gone to reads as before, and {@code
 * fsck} names no object that nothing refers to. The collection is killed at its requests too.
 * {@code -Dstrata.crash.tries=N} takes more histories, {@code -Dstrata.crash.seed=N} one of them.
 */
final class LeftoverTest {
  private static final int STEPS = 25;
  private static final int CLONE_STEPS = 12;
  private static final List<Step> COLLECT = List.of(new Step.Collect());

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void whatACrashLeavesIsCollectedAndNothingElse(@ForAll long anySeed) throws Exception {
    explore(anySeed, LeftoverTest::explore);
  }

  /** A clone and its parent, each killed in turn: neither takes what the other needs. */
  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void whatACloneOrItsParentLeavesIsCollectedAndNothingOfTheOther(@ForAll long anySeed)
      throws Exception {
    explore(anySeed, LeftoverTest::exploreClone);
  }

  /** Takes a history apart. */
  private interface Exploration {
    /** Returns how many objects crashes have left in all. */
    long explore(long seed) throws Exception;
  }

  private static void explore(long anySeed, Exploration exploration) throws Exception {
    int tries = Integer.getInteger("strata.crash.tries", 1);
    Long chosen = Long.getLong("strata.crash.seed");
    long left = 0;
    for (int i = 0; i < (chosen == null ? tries : 1); i++) {
      long seed = chosen == null ? anySeed + i : chosen;
      System.out.println("leftovers: seed " + seed);
      left += exploration.explore(seed);
    }
    assertThat(left).as("objects that were left").isPositive();
  }

  private static long explore(long seed) throws Exception {
    List<Step> steps = Workload.snapshotSteps(seed, STEPS);
    CrashRun run = new CrashRun(seed);
    long requests = run.run(run.format(), steps, 0, Fault.PASS).requests();
    SplittableRandom random = new SplittableRandom(seed);
    long left = 0;
    for (long at = 1; at <= requests; at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        MemStore crashed = run.run(run.format(), steps, at, fault).bucket();
        String what = "seed %d, %s at request %d".formatted(seed, fault.kind(), at);
        // A second life that ends as badly leaves more, of an epoch that has states of its own.
        long second = 1L + random.nextInt(60);
        MemStore twice =
            run.run(crashed, Workload.snapshotSteps(~seed, 5), second, fault).bucket();
        what += ", then at request " + second;
        left += collect(what, twice.copy(), run);
        if (at % 9 == 0) {
          killCollections(what, twice, run);
        }
      }
    }
    return left;
  }

  private static long exploreClone(long seed) throws Exception {
    CrashRun run = new CrashRun(seed);
    ClonePair pair =
        ClonePair.after(run, Workload.snapshotSteps(seed, STEPS))
            .childDoes(Workload.snapshotSteps(seed + 1, 3))
            .parentDoes(Workload.snapshotSteps(seed + 2, 3));
    SplittableRandom random = new SplittableRandom(seed);
    long left = 0;
    for (MemStore victim : List.of(pair.child(), pair.parent())) {
      List<Step> steps = Workload.snapshotSteps(seed + 3, CLONE_STEPS);
      long requests = run.run(victim.copy(), steps, 0, Fault.PASS).requests();
      for (long at = 1; at <= requests; at++) {
        Fault fault = random.nextBoolean() ? Fault.CRASH_BEFORE : Fault.CRASH_AFTER;
        String what =
            "seed %d, %s of %s at request %d"
                .formatted(seed, fault.kind(), victim.location(), at);
        MemStore crashed = run.run(victim.copy(), steps, at, fault).bucket();
        MemStore other =
            victim == pair.child()
                ? ClonePair.of(run, crashed).parent()
                : ClonePair.of(run, crashed).child();
        long second = 1L + random.nextInt(60);
        run.run(other, Workload.snapshotSteps(~seed, 5), second, fault);
        what += ", of the other at request " + second;
        run.run(other, List.of(), 0, Fault.PASS);
        Map<String, String> others = VolumeStates.of(other, run);
        left += collect(what, crashed, run);
        Map<String, String> states = VolumeStates.of(crashed, run);
        assertThat(VolumeStates.of(other, run)).as(what).isEqualTo(others);
        VolumeStates.requireSound(what + ", the other", other, run);
        left += collect(what + ", then the other", other, run);
        assertClean(what + ", at last", crashed, run, states);
      }
    }
    return left;
  }

  /** Collects, and returns how much. */
  private static long collect(String what, MemStore bucket, CrashRun run) throws Exception {
    // Whoever opens it makes what was written until the crash the state of the volume.
    run.run(bucket, List.of(), 0, Fault.PASS);
    Map<String, String> before = VolumeStates.of(bucket, run);
    List<ObjectKey> keys = bucket.keys();
    Leftovers foretold =
        Leftovers.find(bucket, CrashRun.options(), run.platform(), looked -> {});
    assertThat(bucket.keys()).as("%s: a look deletes nothing", what).isEqualTo(keys);
    Leftovers found;
    FaultStore life = new FaultStore(bucket, FaultPlan.none());
    try (Volume volume = Volume.open(life, CrashRun.options(), run.platform())) {
      found = volume.collectGarbage(looked -> {});
    }
    // Its last requests are over when what is left is counted.
    life.crash();
    assertThat(found.some()).as(what).containsAll(foretold.some());
    assertClean(what, bucket, run, before);
    return found.objects();
  }

  /** The collection may die anywhere too, and is begun again. */
  private static void killCollections(String what, MemStore crashed, CrashRun run)
      throws Exception {
    Map<String, String> before = VolumeStates.of(crashed.copy(), run);
    long requests = run.run(crashed.copy(), COLLECT, 0, Fault.PASS).requests();
    for (long at = 1; at <= requests; at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        MemStore killed = run.run(crashed.copy(), COLLECT, at, fault).bucket();
        MemStore again = run.run(killed, COLLECT, 0, Fault.PASS).bucket();
        // What the killed owner had stored is of a past epoch only now.
        MemStore last = run.run(again, COLLECT, 0, Fault.PASS).bucket();
        String where =
            "%s, and %s at request %d of a collection".formatted(what, fault.kind(), at);
        assertClean(where, last, run, before);
      }
    }
  }

  private static void assertClean(
      String what, MemStore bucket, CrashRun run, Map<String, String> before) throws Exception {
    FsckReport report = VolumeStates.requireSound(what, bucket, run);
    assertThat(report.findings())
        .as(what)
        .noneMatch(finding -> finding instanceof ObjectFinding.Unreferenced);
    Leftovers none = Leftovers.find(bucket, CrashRun.options(), run.platform(), looked -> {});
    assertThat(none.objects()).as("%s: %s", what, none.some()).isZero();
    assertThat(VolumeStates.of(bucket, run)).as(what).isEqualTo(before);
  }
}
