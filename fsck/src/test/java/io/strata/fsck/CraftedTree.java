package io.strata.fsck;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageBuilder;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.StoredPage;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Writes entries as a tree of small pages in one pack, right or wrong as they are. */
final class CraftedTree {
  private static final int LEAF_ENTRIES = 4;
  private static final int INNER_ENTRIES = 3;

  private final Nonce nonce;
  private final List<ByteBuffer> stored = new ArrayList<>();
  private final List<PageAddress> pages = new ArrayList<>();
  private int next;
  private @Nullable PageAddress root;

  private CraftedTree(Nonce nonce) {
    this.nonce = nonce;
    this.next = Frame.headerLength(ObjectNames.pack(nonce));
  }

  /** Puts the pack into {@code store}. */
  static CraftedTree write(
      MemStore store, VolumeId volume, Nonce nonce, NavigableMap<byte[], byte[]> entries) {
    CraftedTree tree = new CraftedTree(nonce);
    List<Map.Entry<byte[], byte[]>> level = new ArrayList<>(entries.entrySet());
    int height = 0;
    do {
      level = tree.writeLevel(level, height++);
    } while (level.size() > 1);
    tree.root = tree.pages.getLast();
    ObjectKey key = ObjectNames.pack(nonce);
    List<ByteBuffer> payload = new ArrayList<>(tree.stored);
    payload.add(PackDirectory.encode(tree.pages));
    store.put(key, Frame.wrap(FrameKind.PACK, volume, key, payload).toBytes());
    return tree;
  }

  private List<Map.Entry<byte[], byte[]>> writeLevel(
      List<Map.Entry<byte[], byte[]>> entries, int level) {
    int most = level == 0 ? LEAF_ENTRIES : INNER_ENTRIES;
    List<Map.Entry<byte[], byte[]>> parents = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += most) {
      List<Map.Entry<byte[], byte[]>> part =
          entries.subList(from, Math.min(entries.size(), from + most));
      parents.add(Map.entry(part.getFirst().getKey(), writePage(part, level).encoded()));
    }
    return parents;
  }

  private PageAddress writePage(List<Map.Entry<byte[], byte[]>> entries, int level) {
    int length = 0;
    for (int i = 0; i < entries.size(); i++) {
      Map.Entry<byte[], byte[]> entry = entries.get(i);
      int keyLength = level > 0 && i == 0 ? 0 : entry.getKey().length;
      length += PageBuilder.entryBytes(keyLength, entry.getValue().length);
    }
    PageBuilder page = new PageBuilder(level, new byte[0], length);
    for (int i = 0; i < entries.size(); i++) {
      Map.Entry<byte[], byte[]> entry = entries.get(i);
      int keyLength = level > 0 && i == 0 ? 0 : entry.getKey().length;
      page.entry(entry.getKey(), 0, keyLength, entry.getValue());
    }
    byte[] compressed = StoredPage.compress(page.finish(), 1);
    PageAddress address =
        new PageAddress(nonce.value(), next, compressed.length, StoredPage.crc(compressed));
    next += compressed.length;
    stored.add(ByteBuffer.wrap(compressed));
    pages.add(address);
    return address;
  }

  PageAddress root() {
    if (root == null) {
      throw new IllegalStateException("not written");
    }
    return root;
  }

  List<PageAddress> pages() {
    return pages;
  }

  long pageBytes() {
    return pages.stream().mapToLong(PageAddress::length).sum();
  }
}
