package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.RenameMode;
import io.strata.fs.volume.Volume;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What keeps a volume in order may die at every one of its requests, before and after it has taken
 * effect, and is run again: then the volume is what it would have been, and nothing is left over.
 * (Repairs: {@code RepairCrashTest}.)
 */
class UpkeepCrashTest {
  private final CrashRun run = new CrashRun(17);

  /** Segments that nothing refers to any more, and none that is worth copying. */
  @Test
  void collectingGarbage() throws Exception {
    List<Step> before = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      before.add(new Step.MakeFile("f" + i));
      before.add(new Step.Write("f" + i, 0, 128 << 10, i));
      before.add(new Step.Checkpoint());
    }
    for (int i = 0; i < 4; i++) {
      before.add(new Step.Remove("f" + i));
    }
    long left = dieEverywhere(before, new Step.Collect(), new Step.Collect());
    assertThat(left).as("segments").isZero();
  }

  /** Segments of which a little is live, which is copied into a new one. */
  @Test
  void compacting() throws Exception {
    List<Step> before = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      before.add(new Step.MakeFile("a" + i));
      before.add(new Step.MakeFile("b" + i));
      before.add(new Step.Write("a" + i, 0, 40 << 10, i));
      before.add(new Step.Write("b" + i, 0, 3 << 10, 100 + i));
      before.add(new Step.Checkpoint());
    }
    for (int i = 0; i < 12; i++) {
      before.add(new Step.Remove("a" + i));
    }
    before.add(new Step.Checkpoint());
    MemStore volume = run.run(run.format(), before, 0, Fault.PASS).bucket();
    long segments = segments(volume);
    assertThat(segments).isGreaterThan(8);
    long left = dieEverywhere(before, new Step.Collect(), new Step.Collect());
    assertThat(left).as("segments, of " + segments + " before").isLessThan(segments / 2);
  }

  @Test
  void deletingASnapshot() throws Exception {
    List<Step> before =
        List.of(
            new Step.MakeFile("a"),
            new Step.Write("a", 0, 100_000, 1),
            new Step.Snapshot("s0"),
            new Step.Write("a", 0, 100_000, 2),
            new Step.Snapshot("s1"),
            new Step.Remove("a"),
            new Step.Checkpoint());
    dieEverywhere(before, new Step.Forget("s0"), new Step.Forget("s0"));
  }

  @Test
  void goingBack() throws Exception {
    List<Step> before =
        List.of(
            new Step.MakeFile("a"),
            new Step.Write("a", 0, 100_000, 1),
            new Step.MakeDirectory("d"),
            new Step.Snapshot("s0"),
            new Step.Write("a", 50_000, 100_000, 2),
            new Step.Rename("d", "e", RenameMode.REPLACE),
            new Step.Sync());
    dieEverywhere(before, new Step.Rollback("s0"), new Step.Rollback("s0"));
  }

  /** Files, pages of the tree and a checkpoint that are the parent's, and some that are not. */
  @Test
  void makingACloneWhole() throws Exception {
    List<Step> before = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      before.add(new Step.MakeFile("f" + i));
      before.add(new Step.Write("f" + i, 0, 60 << 10, i));
      before.add(new Step.Checkpoint());
    }
    ClonePair pair =
        ClonePair.after(run, before)
            .childDoes(
                List.of(
                    new Step.Write("f0", 1000, 5000, 10),
                    new Step.Checkpoint(),
                    new Step.Remove("f1"),
                    new Step.MakeFile("own"),
                    new Step.Write("own", 0, 3000, 11)));
    String parent = VolumeStates.of(pair.parent(), run).get("");
    dieEverywhere(
        pair.child(), new Step.Gather(), new Step.Gather(), this::requireNeedsNoParent);
    assertThat(ClonePair.shares(pair.child(), run)).isTrue();
    assertThat(VolumeStates.of(pair.parent(), run)).containsEntry("", parent);
  }

  private void requireNeedsNoParent(String what, MemStore clone) throws Exception {
    assertThat(ClonePair.shares(clone, run)).as(what).isFalse();
    ClonePair pair = ClonePair.of(run, clone);
    requireSound(what + ", the parent", pair.parent());
    Map<String, String> states = VolumeStates.of(clone, run);
    pair.destroyParent();
    assertThat(VolumeStates.of(clone, run)).as(what).isEqualTo(states);
    requireSound(what + ", without its parent", clone);
  }

  /** Returns how many segments files refer to at last, of a new volume. */
  private long dieEverywhere(List<Step> before, Step dying, Step again) throws Exception {
    MemStore volume = run.run(run.format(), before, 0, Fault.PASS).bucket();
    return dieEverywhere(volume, dying, again, (what, last) -> {});
  }

  /** Looks at what has become of a volume. */
  private interface Requirement {
    void require(String what, MemStore last) throws Exception;
  }

  /**
   * Returns how many segments files refer to at last.
   *
   * @param dying what is killed
   * @param again what is done then
   * @param requirement what must hold besides, of a bucket that nobody needs any more
   */
  private long dieEverywhere(
      MemStore volume, Step dying, Step again, Requirement requirement) throws Exception {
    CrashRun.Outcome whole = run.run(volume.copy(), List.of(dying), 0, Fault.PASS);
    Map<String, String> expected = states(whole.bucket());
    Map<String, String> unchanged = states(volume);
    long segments = 0;
    for (long at = 1; at <= whole.requests(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        String what = "%s at request %d of %d".formatted(fault.kind(), at, whole.requests());
        MemStore killed = run.run(volume.copy(), List.of(dying), at, fault).bucket();
        assertThat(states(killed)).as(what).isIn(expected, unchanged);
        requireSound(what, killed);
        MemStore mended = run.run(killed, List.of(again), 0, Fault.PASS).bucket();
        assertThat(states(mended)).as(what + ", run again").isEqualTo(expected);
        // What the killed one had stored is of a past epoch now.
        MemStore last =
            run.run(mended, List.of(new Step.Collect()), 0, Fault.PASS).bucket();
        FsckReport report = requireSound(what + ", run again", last);
        assertThat(report.findings())
            .as(what)
            .noneMatch(each -> each instanceof ObjectFinding.Unreferenced);
        segments = Math.max(segments, segments(last));
        requirement.require(what, last);
      }
    }
    return segments;
  }

  /** Segments that files refer to. */
  private long segments(MemStore bucket) throws IOException {
    try (Volume volume =
        Volume.open(bucket, CrashRun.options().withReadOnly(true), run.platform())) {
      return volume.space().segments();
    }
  }

  private FsckReport requireSound(String what, MemStore bucket) throws Exception {
    return VolumeStates.requireSound(what, bucket, run);
  }

  /** The volume and its snapshots, but for those of what a rollback has left. */
  private Map<String, String> states(MemStore bucket) throws IOException, FsException {
    Map<String, String> states = VolumeStates.of(bucket, run);
    states.keySet().removeIf(name -> name.startsWith("before-rollback-"));
    return states;
  }
}
