package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.store.Nonce;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a crash must not lose: the tree and the sums over it. Changed only by applying mutations, so
 * it is a function of where it began and the mutations since.
 *
 * <p>Guarded by the volume's lock: reading under the shared one, everything else under the
 * exclusive one. Nothing here waits for the store.
 */
final class VolumeState {
  private volatile BTree tree;
  private long inodes;
  private long usedBytes;

  /** What extents put and deleted since the last fold have done to each segment's live bytes. */
  private final Map<Nonce, Long> liveChanges = new HashMap<>();

  VolumeState(BTree tree, long inodes, long usedBytes) {
    this.tree = tree;
    this.inodes = inodes;
    this.usedBytes = usedBytes;
  }

  BTree tree() {
    return tree;
  }

  /** Takes another's place, which is not used any more: that state is this one from now on. */
  void become(VolumeState other) {
    tree = other.tree;
    inodes = other.inodes;
    usedBytes = other.usedBytes;
    liveChanges.clear();
    liveChanges.putAll(other.liveChanges);
  }

  /** Inodes that exist. */
  long inodes() {
    return inodes;
  }

  /** Sum of the lengths of all extents, in bytes. */
  long usedBytes() {
    return usedBytes;
  }

  /** Live bytes gained or lost a segment since the last {@link #clearLiveChanges}; a view. */
  Map<Nonce, Long> liveChanges() {
    return liveChanges;
  }

  /** Forgets the live changes, which the caller has written into the tree. */
  void clearLiveChanges() {
    liveChanges.clear();
  }

  /**
   * Makes sure that {@link #apply} of these cannot fail.
   *
   * @throws PageMissing if a page that one of them changes must be loaded first
   */
  void touch(List<Mutation> mutations) throws PageMissing {
    for (Mutation mutation : mutations) {
      tree.touch(mutation.key());
    }
  }

  /**
   * Applies a group that was {@link #touch touched} since the lock was taken.
   *
   * @throws IllegalStateException if the tree does not hold what it must; the state is then unfit
   *     for use
   */
  void apply(List<Mutation> mutations) {
    try {
      for (Mutation mutation : mutations) {
        apply(mutation);
      }
    } catch (PageMissing e) {
      throw new IllegalStateException("a page left memory between touch and apply", e);
    } catch (MalformedRecord e) {
      throw new IllegalStateException("the tree holds a malformed record: " + e.getMessage(), e);
    }
  }

  /**
   * Touches and applies a group in one, for what is no operation, and keeps the tree's memory within
   * its bounds.
   *
   * @throws PageMissing if a page must be loaded first; nothing was applied then
   */
  void change(List<Mutation> mutations) throws PageMissing {
    touch(mutations);
    apply(mutations);
    tree.trim();
  }

  private void apply(Mutation mutation) throws PageMissing, MalformedRecord {
    byte[] value = mutation.value();
    byte[] before =
        value == null ? tree.delete(mutation.key()) : tree.put(mutation.key(), value);
    switch (mutation) {
      case Mutation.InodePut put -> inodes += before == null ? 1 : 0;
      case Mutation.InodeDelete delete -> inodes -= before == null ? 0 : 1;
      case Mutation.ExtentPut put -> {
        if (before != null) {
          count(Extent.decode(put.extent().fileOffset(), before), -1);
        }
        count(put.extent(), 1);
      }
      case Mutation.ExtentDelete delete -> {
        if (before != null) {
          count(Extent.decode(delete.fileOffset(), before), -1);
        }
      }
      case Mutation.Put other -> {}
      case Mutation.Delete other -> {}
    }
  }

  private void count(Extent extent, int sign) {
    usedBytes += sign * extent.length();
    liveChanges.merge(
        extent.nonce(), sign * extent.length(), (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
  }
}
