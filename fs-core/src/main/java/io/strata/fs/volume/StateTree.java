package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.DamagedPage;
import io.strata.btree.PageMissing;
import io.strata.btree.TreeDifference;
import io.strata.btree.Visitor;
import io.strata.fs.schema.TreeKeys;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a state that a volume is or was in. Waits for the store; confined to one thread.
 *
 * <p>Nothing is written, and whoever owns the volume is not disturbed. A state that is let go while
 * it is read ends in a {@link VolumeException}.
 */
public final class StateTree {
  private final BTree tree;
  private final KeptStore store;
  private final String name;

  StateTree(BTree tree, KeptStore store, String name) {
    this.tree = tree;
    this.store = store;
    this.name = name;
  }

  /**
   * Opens states of the volume in a store, as one head knows them.
   *
   * @param points which; null for what the volume is now, as far as its bucket tells
   * @param options of them the limits, for each of the trees, and the time for the store
   * @throws VolumeException if there is no volume, no such state, or it is damaged
   */
  public static List<StateTree> open(
      ObjectStore store, OpenOptions options, Platform platform, @Nullable StatePoint... points)
      throws IOException {
    Opening.Followed volume = Opening.look(store, options, platform).follow();
    List<StateTree> trees = new ArrayList<>();
    for (StatePoint point : points) {
      trees.add(new PastOpening(volume, point, options, platform).tree());
    }
    return trees;
  }

  /** Something that reads the tree, and can be started again. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws PageMissing, IOException;
  }

  /** The value of a key, or null. */
  public byte @Nullable [] get(byte[] key) throws IOException {
    return run(() -> Optional.ofNullable(tree.get(key)), this).orElse(null);
  }

  /**
   * Visits the entries of a range from its beginning, until the visitor has had enough; must not be
   * called by one. If it throws, all visits were before what could not be read.
   */
  public void scan(TreeKeys.Range range, Visitor visitor) throws IOException {
    run(
        () -> {
          Unshared.scan(tree, range, visitor);
          return true;
        },
        this);
  }

  /**
   * Visits what differs between this and a later or earlier state of the same volume, in the order
   * of keys. Costs the pages that differ.
   */
  public void differences(StateTree other, TreeKeys.Range range, TreeDifference.Visitor visitor)
      throws IOException {
    TreeDifference difference =
        new TreeDifference(tree, other.tree, range.from(), range.toExclusive());
    run(() -> difference.advance(visitor), this, other);
  }

  private static <T> T run(Step<T> step, StateTree... read) throws IOException {
    BTree[] trees = Arrays.stream(read).map(each -> each.tree).toArray(BTree[]::new);
    try {
      return Unshared.run(step::run, trees);
    } catch (StoreException.Missing e) {
      for (StateTree each : read) {
        if (each.store.letGo()) {
          throw KeptHeads.refused(KeptStore.gone(each.name), e);
        }
      }
      throw Opening.damaged(e);
    } catch (StoreException.Corrupt | DamagedPage e) {
      throw Opening.damaged(e);
    }
  }
}
