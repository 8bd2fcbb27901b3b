package io.strata.checkpoint;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.StoredPage;
import io.strata.store.Body;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A pack that takes pages. Confined to the writer's thread until it is sent. */
final class OpenPack {
  private final Nonce nonce;
  private final ObjectKey key;
  private final List<ByteBuffer> stored = new ArrayList<>();
  private final List<PageAddress> pages = new ArrayList<>();
  private final int pagesAt;
  private int next;

  OpenPack(Nonce nonce) {
    this.nonce = nonce;
    this.key = ObjectNames.pack(nonce);
    this.pagesAt = Frame.headerLength(key);
    this.next = pagesAt;
  }

  PageAddress add(byte[] page) {
    PageAddress address = new PageAddress(nonce.value(), next, page.length, StoredPage.crc(page));
    next = Math.addExact(next, page.length);
    stored.add(ByteBuffer.wrap(page));
    pages.add(address);
    return address;
  }

  ObjectKey key() {
    return key;
  }

  int pageBytes() {
    return next - pagesAt;
  }

  Body body(VolumeId volume) {
    List<ByteBuffer> payload = new ArrayList<>(stored);
    payload.add(PackDirectory.encode(pages));
    return Frame.wrap(FrameKind.PACK, volume, key, payload);
  }

  WrittenPack written(long objectBytes) {
    return new WrittenPack(nonce, pages.size(), pageBytes(), objectBytes);
  }
}
