package io.strata.fs.volume;

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
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the names in the root directory of a head that was written down. Confined to one thread.
 *
 * @param store where the tree is read from
 */
record RootNames(ObjectStore store, VolumeLimits limits) {
  /** Hands all of them to {@code reader}. */
  void tell(Head head, Consumer<FileName> reader) throws IOException {
    List<VolumeException> damage = new ArrayList<>(1);
    Unshared.scan(
        Opening.tree(store, head.root(), limits),
        TreeKeys.dentries(Ino.ROOT),
        (key, value) -> {
          try {
            reader.accept(name(key));
            return true;
          } catch (VolumeException e) {
            damage.add(e);
            return false;
          }
        });
    if (!damage.isEmpty()) {
      throw damage.getFirst();
    }
  }

  private static FileName name(byte[] key) throws VolumeException {
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
