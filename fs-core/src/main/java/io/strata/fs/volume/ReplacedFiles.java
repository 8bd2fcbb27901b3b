package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.TreeDifference;
import io.strata.checkpoint.format.Head;
import io.strata.fs.Outdated;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells which inodes and names differ between two heads. Costs what differs. Confined to one thread.
 *
 * @param store where both trees are read from
 */
record ReplacedFiles(ObjectStore store, VolumeLimits limits) {
  private static final int AT_A_TIME = 1000;

  /** Tells {@code outdated} of all of them. */
  void tell(Head before, Head after, Outdated outdated) throws IOException {
    BTree one = Opening.tree(store, before.root(), limits);
    BTree other = Opening.tree(store, after.root(), limits);
    TreeKeys.Range files = TreeKeys.inodes();
    TreeDifference difference =
        new TreeDifference(one, other, files.from(), files.toExclusive());
    List<TreeKey> keys = new ArrayList<>();
    Ino last = null;
    boolean done = false;
    while (!done) {
      keys.clear();
      done =
          Unshared.run(
              () ->
                  difference.advance(
                      (key, old, now) -> {
                        keys.add(decode(key));
                        return keys.size() < AT_A_TIME;
                      }),
              one,
              other);
      for (TreeKey key : keys) {
        last = tell(key, last, outdated);
      }
    }
  }

  /** Tells of one key, unless its inode was told of last. */
  private static @Nullable Ino tell(TreeKey key, @Nullable Ino last, Outdated outdated) {
    Ino ino =
        switch (key) {
          case TreeKey.OfInode of -> of.ino();
          case TreeKey.OfXattr of -> of.ino();
          case TreeKey.OfDentry of -> {
            outdated.entry(of.parent(), of.name());
            yield of.parent();
          }
          case TreeKey.OfExtent of -> of.ino();
          case TreeKey.OfOrphan of -> null;
          case TreeKey.OfSegment of -> null;
          case TreeKey.OfSegmentLive of -> null;
          case TreeKey.OfPack of -> null;
          case TreeKey.Dead of -> null;
        };
    if (ino != null && !ino.equals(last)) {
      outdated.inode(ino);
    }
    return ino;
  }

  private static TreeKey decode(byte[] key) {
    try {
      return TreeKeys.decode(key);
    } catch (MalformedRecord e) {
      throw new IllegalStateException("the tree has a malformed key", e);
    }
  }
}
