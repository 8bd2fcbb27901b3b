package io.strata.fs.difference;

import io.strata.fs.schema.Ino;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.StateTree;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What differs between the files of two states of a volume. Reads the bucket alone and writes
 * nothing; whoever owns the volume goes on. Confined to one thread, which waits for the store.
 *
 * <p>Costs the tree pages that differ, and for each path that is told those that lead to its name.
 * Times of access are not compared.
 */
public final class VolumeDifference {
  /** Inodes and names in memory at a time: some 100 MiB at worst. */
  private static final int BATCH_MAX = 100_000;

  private final StateTree before;
  private final StateTree after;
  private final int batchMax;

  VolumeDifference(StateTree before, StateTree after, int batchMax) {
    this.before = before;
    this.after = after;
    this.batchMax = batchMax;
  }

  /**
   * Opens both states.
   *
   * @param before the one
   * @param after the other; null for what the volume is now, as far as its bucket tells
   * @param options of them the limits, for each of the states, and the time for the store
   * @throws io.strata.fs.volume.VolumeException if there is no volume, no such state, or it is damaged
   */
  public static VolumeDifference open(
      ObjectStore store,
      StatePoint before,
      @Nullable StatePoint after,
      OpenOptions options,
      Platform platform)
      throws IOException {
    Iterator<StateTree> trees =
        StateTree.open(store, options, platform, before, after).iterator();
    return new VolumeDifference(trees.next(), trees.next(), BATCH_MAX);
  }

  /**
   * Tells all that differs: in the order of paths, unless it is so much that it has to be told in
   * several parts, each in this order.
   *
   * @throws io.strata.fs.volume.VolumeException if a state is let go meanwhile, or it is damaged
   */
  public void tell(Consumer<PathChange> changes, DifferenceProgress progress)
      throws IOException {
    Ino from = Ino.ROOT;
    while (from != null) {
      Batch batch = Batch.gather(before, after, from, batchMax, progress);
      List<PathChange> told =
          new BatchMeaning(new Places(before, progress), new Places(after, progress))
              .of(batch.inodes());
      told.forEach(changes);
      from = batch.end();
    }
  }
}
