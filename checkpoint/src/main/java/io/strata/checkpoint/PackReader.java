package io.strata.checkpoint;

import io.strata.btree.DamagedPage;
import io.strata.btree.PageAddress;
import io.strata.btree.PageSource;
import io.strata.checkpoint.format.StoredPage;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads tree pages out of packs, one request each, and believes none that its pointer's checksum
 * does not fit. Immutable; safe for use by any thread; blocks on the store.
 */
public final class PackReader implements PageSource {
  private final ObjectStore store;

  public PackReader(ObjectStore store) {
    this.store = store;
  }

  @Override
  public ByteBuffer read(PageAddress address) throws IOException {
    ObjectKey pack = StoredPage.pack(address);
    ByteBuffer found;
    try {
      found = store.get(pack, new ByteRange.Slice(address.offset(), address.length()));
    } catch (StoreException.Missing e) {
      throw new DamagedPage(address, "there is no object " + pack, e);
    }
    byte[] stored = new byte[found.remaining()];
    found.get(stored);
    return StoredPage.decompress(address, stored);
  }
}
