package io.strata.fsck.space;

import io.strata.btree.PageAddress;
import io.strata.fs.schema.PackRecord;
import io.strata.fsck.bucket.Nonces;
import io.strata.fsck.scratch.KeyTable;
import io.strata.fsck.scratch.Rows;
import io.strata.fsck.scratch.Scratch;
import io.strata.store.Nonce;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of every pack, and every page that the tree reaches, chained by packs. */
final class PackTable {
  private static final int PACK_BYTES = 72;
  private static final int STORED_BYTES = 8;
  private static final int LIVE_PAGES = 16;
  private static final int LIVE_BYTES = 24;
  private static final int BIRTH = 32;
  private static final int RECORDED = 40;

  /** One more than the number of the pack's last page that was met; 0 if there is none. */
  private static final int LAST_PAGE = 48;

  private static final int REACHED_PAGES = 56;
  private static final int REACHED_BYTES = 64;

  private static final int PAGE_BYTES = 20;
  private static final int OFFSET = 0;
  private static final int LENGTH = 4;
  private static final int CRC = 8;
  private static final int PREVIOUS = 12;

  private final KeyTable packs;
  private final Rows pages;

  PackTable(Scratch scratch) {
    packs = new KeyTable(scratch, PACK_BYTES);
    pages = new Rows(scratch, PAGE_BYTES);
  }

  /** Notes a page that the tree reaches. */
  void page(PageAddress address) {
    long pack = packs.add(address.pack());
    long page = pages.add();
    pages.putInt(page, OFFSET, address.offset());
    pages.putInt(page, LENGTH, address.length());
    pages.putInt(page, CRC, address.crc());
    pages.putLong(page, PREVIOUS, packs.getLong(pack, LAST_PAGE));
    packs.putLong(pack, LAST_PAGE, page + 1);
    packs.putLong(pack, REACHED_PAGES, packs.getLong(pack, REACHED_PAGES) + 1);
    packs.putLong(pack, REACHED_BYTES, packs.getLong(pack, REACHED_BYTES) + address.length());
  }

  /** Notes what the tree says of a pack. */
  void record(Nonce nonce, PackRecord record) {
    long pack = packs.add(nonce.value());
    packs.putLong(pack, STORED_BYTES, record.storedBytes());
    packs.putLong(pack, LIVE_PAGES, record.livePages());
    packs.putLong(pack, LIVE_BYTES, record.liveBytes());
    packs.putLong(pack, BIRTH, record.birthHead());
    packs.putInt(pack, RECORDED, 1);
  }

  /** What the tree says of a pack; null if nothing. */
  @Nullable PackRecord record(Nonce nonce) {
    long pack = packs.find(nonce.value());
    return pack < 0 || packs.getInt(pack, RECORDED) == 0
        ? null
        : new PackRecord(
            packs.getLong(pack, STORED_BYTES),
            packs.getLong(pack, LIVE_PAGES),
            packs.getLong(pack, LIVE_BYTES),
            packs.getLong(pack, BIRTH));
  }

  boolean isKnown(Nonce nonce) {
    return packs.find(nonce.value()) >= 0;
  }

  /** How many pages of a pack the tree reaches. */
  long reachedPages(Nonce nonce) {
    long pack = packs.find(nonce.value());
    return pack < 0 ? 0 : packs.getLong(pack, REACHED_PAGES);
  }

  /** Stored bytes of the pages of a pack that the tree reaches. */
  long reachedBytes(Nonce nonce) {
    long pack = packs.find(nonce.value());
    return pack < 0 ? 0 : packs.getLong(pack, REACHED_BYTES);
  }

  /** The pages of a pack that the tree reaches. */
  List<PageAddress> reached(Nonce nonce) {
    List<PageAddress> reached = new ArrayList<>();
    long pack = packs.find(nonce.value());
    for (long at = packs.getLong(pack, LAST_PAGE); at > 0; ) {
      long page = at - 1;
      reached.add(
          new PageAddress(
              nonce.value(),
              pages.getInt(page, OFFSET),
              pages.getInt(page, LENGTH),
              pages.getInt(page, CRC)));
      at = pages.getLong(page, PREVIOUS);
    }
    return reached;
  }

  /** Pages that the tree reaches. */
  long pages() {
    return pages.count();
  }

  /** All packs, by their nonces in order. */
  Iterator<Nonce> nonces() {
    return new Nonces(packs.sortedKeys());
  }
}
