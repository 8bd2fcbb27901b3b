package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.Destruction;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.store.OncePut;
import io.strata.store.Place;
import io.strata.store.fault.Fault;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.List;

/**
 * A volume and a clone of it, in one bucket.
 *
 * @param run does steps on them
 * @param parent the volume
 * @param child what was cloned from it
 */
record ClonePair(CrashRun run, MemStore parent, MemStore child) {
  private static final Place PARENT = new Place("../parent");
  private static final Place CLONE = new Place("../clone");

  /** A clone of a new volume with which this was done. */
  static ClonePair after(CrashRun run, List<Step> before) throws Exception {
    MemStore parent = new MemStore().elsewhere(PARENT);
    Volume.format(parent, FormatOptions.DEFAULT, run.platform());
    run.run(parent, before, 0, Fault.PASS);
    MemStore child = make(run, parent, "parent", "clone");
    return new ClonePair(run, parent, child);
  }

  /** A volume that has its own clone at a third place. */
  MemStore cloneOfTheClone() throws Exception {
    return make(run, child, "clone", "second");
  }

  private static MemStore make(CrashRun run, MemStore parent, String name, String clone)
      throws IOException {
    Cloning cloning =
        Cloning.begin(
            parent, new Place("../" + clone), new Place("../" + name), null, run.platform());
    try (Volume owner = Volume.open(parent, CrashRun.options(), run.platform())) {
      owner.snapshots().keepFor(cloning.neighbour(), null);
    }
    cloning.finish();
    return parent.elsewhere(new Place("../" + clone));
  }

  /** Does something with the parent. */
  ClonePair parentDoes(List<Step> steps) throws Exception {
    run.run(parent, steps, 0, Fault.PASS);
    return this;
  }

  /** Does something with the clone. */
  ClonePair childDoes(List<Step> steps) throws Exception {
    run.run(child, steps, 0, Fault.PASS);
    return this;
  }

  /** The pair of which this is one, perhaps in a copy of their bucket. */
  static ClonePair of(CrashRun run, MemStore one) {
    return new ClonePair(run, one.elsewhere(PARENT), one.elsewhere(CLONE));
  }

  /** Destroys the parent, which keeps a snapshot for the clone. */
  void destroyParent() throws IOException {
    destroy(parent, run);
  }

  /** Destroys a volume, and sees that nothing is left of it. */
  static void destroy(MemStore volume, CrashRun run) throws IOException {
    Destruction.destroy(volume, CrashRun.options(), false, gone -> {}, run.platform());
    assertThat(volume.keys()).isEmpty();
  }

  /** Whether a volume shares something, or may. */
  static boolean shares(MemStore volume, CrashRun run) throws IOException {
    return !newest(volume, run).lineage().isNone();
  }

  private static Head newest(MemStore volume, CrashRun run) throws IOException {
    return new Heads(
            volume,
            new OncePut(volume, run.platform()),
            VolumeObject.read(volume).orElseThrow().id())
        .newest()
        .orElseThrow()
        .head();
  }

  /** Deletes the snapshot in the parent that is kept for the clone. */
  void forgetClone() throws IOException {
    try (Volume owner = Volume.open(parent, CrashRun.options(), run.platform())) {
      owner
          .snapshots()
          .delete(
              owner.snapshots().list().stream()
                  .filter(each -> each.keptFor() != null)
                  .map(NamedSnapshot::name)
                  .toList());
    }
  }
}
