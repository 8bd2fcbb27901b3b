package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.VolumeObject;
import io.strata.fs.copy.CopyReport;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.volume.Leftovers;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectName;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A copy of a clone is a volume that needs nobody, and that holds what the clone does. */
final class CloneCopyTest {
  private final CrashRun run = new CrashRun(5);

  /** What the parent has when it is cloned: garbage, a state of its own, and some files. */
  private static List<Step> before() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.MakeFile("old"));
    steps.add(new Step.Write("old", 0, 200_000, 1));
    steps.add(new Step.Snapshot("the parent's"));
    steps.add(new Step.Remove("old"));
    for (int i = 0; i < 5; i++) {
      steps.add(new Step.MakeFile("f" + i));
      steps.add(new Step.Write("f" + i, 0, 90_000, 10 + i));
      steps.add(new Step.Checkpoint());
    }
    return steps;
  }

  /** What a clone does: it replaces, keeps a state that shares what it does not share itself. */
  private static List<Step> inClone() {
    return List.of(
        new Step.Snapshot("as cloned"),
        new Step.Write("f0", 10_000, 20_000, 20),
        new Step.Remove("f1"),
        new Step.MakeFile("own"),
        new Step.Write("own", 0, 70_000, 21),
        new Step.Checkpoint(),
        new Step.Write("f2", 0, 300, 22),
        new Step.Sync());
  }

  private ClonePair used() throws Exception {
    return ClonePair.after(run, before())
        .childDoes(inClone())
        .parentDoes(inParent());
  }

  /** The parent goes on until of what was dead when it was cloned nothing is left. */
  private static List<Step> inParent() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Remove("f3"));
    steps.add(new Step.Forget("the parent's"));
    for (int i = 0; i < 20; i++) {
      steps.add(new Step.Write("f4", 0, 3000, 100 + i));
      steps.add(new Step.Checkpoint());
    }
    steps.add(new Step.Collect());
    return steps;
  }

  private CopyReport copy(ObjectStore from, ObjectStore to, boolean verify) throws IOException {
    return VolumeCopy.copy(from, to, verify, (objects, bytes) -> {}, run.platform());
  }

  /** The copy is used like any volume, though nothing else is there. */
  private void requireStandsAlone(String what, MemStore copy, Map<String, String> states)
      throws Exception {
    MemStore alone = copy.copy();
    assertThat(VolumeObject.read(alone).orElseThrow().origin()).as(what).isNull();
    requireClean(what, alone);
    assertThat(VolumeStates.of(alone, run)).as(what).isEqualTo(states);
    List<Step> use = new ArrayList<>();
    use.add(new Step.Write("f4", 1000, 1000, 30));
    use.add(new Step.Remove("f2"));
    states.keySet().stream().filter(name -> !name.isEmpty()).map(Step.Forget::new).forEach(use::add);
    use.add(new Step.Collect());
    run.run(alone, use, 0, Fault.PASS);
    run.run(alone, List.of(new Step.Collect()), 0, Fault.PASS);
    requireClean(what + ", used", alone);
    String then = VolumeStates.of(alone, run).get("");
    assertThat(then).as(what).doesNotContain("/f2 ");
    run.run(alone, List.of(new Step.Gather()), 0, Fault.PASS);
    assertThat(ClonePair.shares(alone, run)).as(what).isFalse();
    requireClean(what + ", gathered", alone);
    assertThat(VolumeStates.of(alone, run).get("")).as(what).isEqualTo(then);
  }

  private void requireClean(String what, MemStore bucket) throws Exception {
    FsckReport report = VolumeStates.requireSound(what, bucket, run);
    assertThat(report.findings())
        .as(what)
        .noneMatch(each -> each instanceof ObjectFinding.Unreferenced);
  }

  @Test
  void itIsCopiedToAnotherStore() throws Exception {
    ClonePair pair = used();
    Map<String, String> states = VolumeStates.of(pair.child(), run);
    assertThat(states).containsKey("as cloned");
    MemStore to = new MemStore();

    CopyReport report = copy(pair.child(), to, true);

    assertThat(report.gone()).isZero();
    assertThat(to.keys()).hasSizeGreaterThan(pair.child().keys().size());
    // Not what the parent has for itself.
    assertThat(to.keys()).hasSizeLessThan(pair.child().keys().size() + pair.parent().keys().size());
    requireStandsAlone("copy", to, states);
  }

  @Test
  void itsOriginalAndTheParentMayGo() throws Exception {
    ClonePair pair = used();
    Map<String, String> states = VolumeStates.of(pair.child(), run);
    MemStore beside = pair.child().elsewhere(new Place("../copy"));
    copy(pair.child(), beside, false);
    ClonePair.destroy(pair.child(), run);
    pair.forgetClone();
    pair.destroyParent();
    requireStandsAlone("copy", beside, states);
    assertThat(pair.parent().keys()).isEmpty();
  }

  @Test
  void oneThatNobodyHasUsedIsCopied() throws Exception {
    ClonePair pair = ClonePair.after(run, before()).parentDoes(inParent());
    Map<String, String> states = VolumeStates.of(pair.child(), run);
    MemStore to = new MemStore();
    copy(pair.child(), to, true);
    requireStandsAlone("copy", to, states);
  }

  @Test
  void aCloneOfACloneAndACopyOfACopyAreCopied() throws Exception {
    ClonePair pair = used();
    MemStore second = pair.cloneOfTheClone();
    run.run(second, List.of(new Step.Write("f4", 0, 5, 40)), 0, Fault.PASS);
    Map<String, String> states = VolumeStates.of(second, run);
    MemStore once = new MemStore();
    copy(second, once, true);
    MemStore twice = new MemStore();
    CopyReport again = copy(once, twice, true);
    assertThat(twice.keys()).isEqualTo(once.keys());
    assertThat(again.copied()).isEqualTo(once.keys().size() - 1L);
    requireStandsAlone("copy of a copy", twice, states);
  }

  @Test
  void aCloneOfTheCopySharesWithThat() throws Exception {
    ClonePair pair = used();
    String files = VolumeStates.of(pair.child(), run).get("");
    MemStore to = new MemStore().elsewhere(new Place("../clone"));
    copy(pair.child(), to, false);
    MemStore second = new ClonePair(run, to, to).cloneOfTheClone();
    requireClean("clone of the copy", second);
    assertThat(VolumeStates.of(second, run).get("")).isEqualTo(files);
    run.run(second, List.of(new Step.Remove("f0"), new Step.Collect()), 0, Fault.PASS);
    assertThat(VolumeStates.of(to, run).get("")).isEqualTo(files);
    requireClean("copy that was cloned", to);
  }

  @Test
  void whileItIsInUse() throws Exception {
    ClonePair pair = used();
    MemStore to = new MemStore();
    String files;
    try (Volume owner = Volume.open(pair.child(), CrashRun.options(), run.platform())) {
      VolumeSteps steps = new VolumeSteps(owner);
      steps.apply(new Step.Remove("f4"));
      steps.apply(new Step.Write("f0", 0, 4000, 50));
      steps.apply(new Step.Sync());
      files = TreeText.of(owner.fileSystem());
      assertThat(copy(pair.child(), to, false).inUse()).isTrue();
    }
    assertThat(VolumeStates.of(to, run).get("")).isEqualTo(files);
    run.run(to, List.of(new Step.Checkpoint()), 0, Fault.PASS);
    requireClean("copy of what was in use", to);
  }

  @Test
  void aCopyThatWasKilledAnywhereGoesOn() throws Exception {
    ClonePair pair = used();
    Map<String, String> states = VolumeStates.of(pair.child(), run);
    FaultStore counting = new FaultStore(new MemStore(), request -> Fault.PASS);
    copy(pair.child(), counting, false);
    for (long at = 1; at <= counting.requests(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        String what = "%s at request %d".formatted(fault.kind(), at);
        MemStore to = new MemStore();
        kill(pair.child(), to, at, fault);
        if (VolumeObject.read(to).isEmpty()) {
          int before = to.keys().size();
          // What was in flight may have landed since.
          assertThat(copy(pair.child(), to, at % 2 == 0).found())
              .as(what)
              .isGreaterThanOrEqualTo(before);
        }
        requireClean(what, to);
        assertThat(VolumeStates.of(to, run)).as(what).isEqualTo(states);
      }
    }
  }

  /** An attempt was killed when the clone still needed more than it does at the next. */
  @Test
  void whatAnEarlierCopyLeavesIsCollected() throws Exception {
    ClonePair pair = ClonePair.after(run, before()).childDoes(inClone());
    Map<String, String> states = VolumeStates.of(pair.child(), run);
    MemStore to = new MemStore();
    for (ObjectKey key : pair.parent().keys()) {
      if (ObjectName.of(key) instanceof ObjectName.Segment
          || ObjectName.of(key) instanceof ObjectName.Pack) {
        to.put(key, Body.of(List.of(pair.parent().get(key, ByteRange.ALL))).toBytes());
      }
    }
    copy(pair.child(), to, true);

    Leftovers left = Leftovers.find(to, CrashRun.options(), run.platform(), looked -> {});
    assertThat(left.some()).anyMatch(pair.parent().keys()::contains);
    run.run(to, List.of(new Step.Collect()), 0, Fault.PASS);

    assertThat(pair.parent().keys()).containsAll(left.some());
    assertThat(to.keys()).doesNotContainAnyElementsOf(left.some());
    VolumeStates.requireSound("collected", to, run);
    assertThat(VolumeStates.of(to, run)).isEqualTo(states);
  }

  private void kill(MemStore from, MemStore to, long at, Fault fault) throws Exception {
    Thread copying = Thread.currentThread();
    FaultStore dying =
        new FaultStore(
            to,
            request -> {
              if (request.sequence() != at) {
                return Fault.PASS;
              }
              // Or it would try again until the store is there.
              copying.interrupt();
              return fault;
            });
    try {
      copy(from, dying, false);
    } catch (IOException told) {
      assertThat(dying.crashed()).as("%s", told).isTrue();
    } finally {
      assertThat(Thread.interrupted() || dying.crashed()).isTrue();
    }
  }

  @Test
  void whatIsMissingAtTheParentsPlaceIsNamed() throws Exception {
    ClonePair pair = used();
    List<ObjectKey> segments =
        pair.parent().keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .toList();
    pair.parent().delete(segments);
    MemStore to = new MemStore();
    assertThatThrownBy(() -> copy(pair.child(), to, false))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("mem:parent")
        .hasMessageContaining("strata fsck");
    assertThat(VolumeObject.read(to)).isEmpty();
  }
}
