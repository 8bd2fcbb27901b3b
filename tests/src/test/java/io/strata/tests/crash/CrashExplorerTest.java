package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.FsException;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A volume is, after any crash, exactly what some prefix of the operations made it, and that prefix
 * holds everything that was acknowledged.
 *
 * <p>Each try takes a workload and kills the store at every one of its requests in turn, once
 * before the request has taken effect and once after. {@code -Dstrata.crash.tries=N} explores more
 * workloads, {@code -Dstrata.crash.seed=N} one of them.
 */
final class CrashExplorerTest {
  private static final int STEPS = 40;

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void aCrashAtAnyRequestLosesNothingThatWasAcknowledged(@ForAll long anySeed) throws Exception {
    int tries = Integer.getInteger("strata.crash.tries", 4);
    Long chosen = Long.getLong("strata.crash.seed");
    for (int i = 0; i < (chosen == null ? tries : 1); i++) {
      long seed = chosen == null ? anySeed + i : chosen;
      System.out.println("crash explorer: seed " + seed);
      explore(seed);
    }
  }

  private static void explore(long seed) throws Exception {
    List<Step> steps = Workload.steps(seed, STEPS);
    List<State> states = prefixes(steps);
    CrashRun run = new CrashRun(seed);
    CrashRun.Outcome whole = run.run(run.format(), steps, 0, Fault.PASS);
    check(seed, "no crash", whole, states);
    for (long at = 1; at <= whole.requests(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        CrashRun.Outcome outcome = run.run(run.format(), steps, at, fault);
        String where = fault.kind() + " at request " + at + " of " + whole.requests();
        check(seed, where, outcome, states);
        if (at % 7 == 0) {
          exploreRecovery(run, seed, where, outcome, states);
        }
      }
    }
  }

  /** Recovery may die anywhere too, and is begun again. */
  private static void exploreRecovery(
      CrashRun run, long seed, String where, CrashRun.Outcome crashed, List<State> states)
      throws Exception {
    List<Step> nothing = List.of(new Step.Checkpoint());
    long requests = run.run(crashed.bucket().copy(), nothing, 0, Fault.PASS).requests();
    for (long at = 1; at <= requests; at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        CrashRun.Outcome again = run.run(crashed.bucket().copy(), nothing, at, fault);
        CrashRun.Outcome sum =
            new CrashRun.Outcome(
                again.bucket(), crashed.acknowledged(), crashed.begun(), again.requests(), true);
        check(seed, where + ", then " + fault.kind() + " at request " + at + " of recovery", sum,
            states);
      }
    }
  }

  /**
   * What a volume is.
   *
   * @param tree its files
   * @param snapshots its snapshots by their names
   */
  private record State(String tree, Map<String, String> snapshots) {
    static State of(ModelTree model) {
      return new State(model.text(), model.snapshots());
    }

    /** The same of a volume, whose rollbacks must have kept what was once. */
    static State of(MemStore bucket, CrashRun run, List<State> all) throws IOException {
      try (Volume volume = Volume.open(bucket, CrashRun.options(), run.platform())) {
        Map<String, String> snapshots = new TreeMap<>();
        for (NamedSnapshot each : volume.snapshots().list()) {
          String text;
          try (Volume past =
              Volume.at(
                  bucket, StatePoint.parse(each.name()), CrashRun.options(), run.platform())) {
            text = TreeText.of(past.fileSystem());
          }
          if (each.name().startsWith("before-rollback-")) {
            assertThat(all).extracting(State::tree).as(each.name()).contains(text);
          } else {
            snapshots.put(each.name(), text);
          }
        }
        return new State(TreeText.of(volume.fileSystem()), snapshots);
      } catch (FsException e) {
        throw new AssertionError("a state cannot be read", e);
      }
    }
  }

  /** The volume after each number of steps. */
  private static List<State> prefixes(List<Step> steps) {
    ModelTree model = new ModelTree();
    List<State> states = new ArrayList<>();
    states.add(State.of(model));
    for (Step step : steps) {
      model.apply(step);
      states.add(State.of(model));
    }
    return states;
  }

  private static void check(
      long seed, String where, CrashRun.Outcome outcome, List<State> states) throws Exception {
    String what = "seed %d, %s".formatted(seed, where);
    List<State> allowed = states.subList(outcome.acknowledged(), outcome.begun() + 1);
    CrashRun run = new CrashRun(~seed);
    fsck(what + ", not recovered", outcome.bucket(), run);
    MemStore viewed = outcome.bucket().copy();
    List<?> before = viewed.keys();
    OpenOptions readOnly = CrashRun.options().withReadOnly(true);
    String seen;
    try (Volume volume = Volume.open(viewed, readOnly, run.platform())) {
      seen = TreeText.of(volume.fileSystem());
    } catch (FsException e) {
      throw new AssertionError(what + ": open for reading", e);
    }
    assertThat(viewed.keys()).as("%s: reading changed the bucket", what).isEqualTo(before);
    assertThat(allowed).extracting(State::tree).as("%s: open for reading", what).contains(seen);
    State owned = State.of(outcome.bucket(), run, states);
    assertThat(allowed).as("%s: recovered", what).contains(owned);
    fsck(what, outcome.bucket(), run);
    assertThat(State.of(outcome.bucket(), run, states)).as("%s: again", what).isEqualTo(owned);
  }

  private static void fsck(String what, MemStore bucket, CrashRun run) throws Exception {
    FsckReport report =
        Fsck.check(
            bucket, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), run.platform());
    assertThat(report.errors()).as("%s: fsck %s", what, report.findings()).isZero();
  }
}
