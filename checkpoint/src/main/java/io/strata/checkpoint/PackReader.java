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
import java.util.ArrayList;
import java.util.List;

/**
 * Reads tree pages out of packs, one request a page or a run of neighbours, and believes none that its pointer's checksum
 * does not fit. Immutable; safe for use by any thread; blocks on the store.
 */
public final class PackReader implements PageSource {
  private final ObjectStore store;

  public PackReader(ObjectStore store) {
    this.store = store;
  }

  @Override
  public ByteBuffer read(PageAddress address) throws IOException {
    return StoredPage.decompress(address, take(get(address, address.length()), address));
  }

  @Override
  public List<ByteBuffer> readAhead(List<PageAddress> run) throws IOException {
    PageAddress first = run.getFirst();
    long length = run.stream().mapToLong(PageAddress::length).sum();
    ByteBuffer found = get(first, length);
    List<ByteBuffer> pages = new ArrayList<>(run.size());
    pages.add(StoredPage.decompress(first, take(found, first)));
    for (PageAddress next : run.subList(1, run.size())) {
      try {
        pages.add(StoredPage.decompress(next, take(found, next)));
      } catch (DamagedPage e) {
        // Nobody has asked for it yet; whoever does is told.
        break;
      }
    }
    return pages;
  }

  private ByteBuffer get(PageAddress first, long length) throws IOException {
    ObjectKey pack = StoredPage.pack(first);
    try {
      return store.get(pack, new ByteRange.Slice(first.offset(), length));
    } catch (StoreException.Missing e) {
      throw new DamagedPage(first, "there is no object " + pack, e);
    }
  }

  /** The next page's stored bytes, or what there is of them. */
  private static byte[] take(ByteBuffer from, PageAddress address) {
    byte[] stored = new byte[Math.min(address.length(), from.remaining())];
    from.get(stored);
    return stored;
  }
}
