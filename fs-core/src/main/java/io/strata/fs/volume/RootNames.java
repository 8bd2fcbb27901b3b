package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the names in the root directory of a head that was written down. Confined to one thread.
 *
 * @param store where the tree is read from
 */
record RootNames(ObjectStore store, VolumeLimits limits) {
  private static final int AT_A_TIME = 1000;

  /** Hands all of them to {@code reader}. */
  void tell(Head head, Consumer<FileName> reader) throws IOException {
    BTree tree = Opening.tree(store, head.root(), limits);
    TreeKeys.Range range = TreeKeys.dentries(Ino.ROOT);
    byte[] from = range.from();
    List<byte[]> keys;
    do {
      keys = some(tree, from, range.toExclusive());
      for (byte[] key : keys) {
        reader.accept(name(key));
        // No key is between this and the last one.
        from = Arrays.copyOf(key, key.length + 1);
      }
    } while (keys.size() == AT_A_TIME);
  }

  private static List<byte[]> some(BTree tree, byte[] from, byte[] toExclusive)
      throws IOException {
    return Unshared.run(
        () -> {
          List<byte[]> keys = new ArrayList<>();
          tree.scan(
              from,
              toExclusive,
              (key, value) -> {
                keys.add(key);
                return keys.size() < AT_A_TIME;
              });
          return keys;
        },
        tree);
  }

  private static FileName name(byte[] key) throws IOException {
    try {
      if (TreeKeys.decode(key) instanceof TreeKey.OfDentry dentry) {
        return dentry.name();
      }
    } catch (MalformedRecord e) {
      throw new VolumeException(Reason.DAMAGED, "a name in the root: " + e.getMessage(), e);
    }
    throw new VolumeException(Reason.DAMAGED, "what should be a name in the root is none");
  }
}
