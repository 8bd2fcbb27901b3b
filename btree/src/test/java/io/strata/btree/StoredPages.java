package io.strata.btree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A page store in memory: packs some pages behind each other, reads runs of them, fails when it is
 * told to. It does not look at checksums, so that the tree has to. Reads may come from any thread.
 */
final class StoredPages implements PageSource, PageSink {
  private static final int PACK_BYTES = 20_000;
  private static final int FIRST_OFFSET = 64;

  private final Map<PageAddress, byte[]> pages = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private int writesLeft = Integer.MAX_VALUE;
  private long pack = 1;
  private int offset = FIRST_OFFSET;

  @Override
  public ByteBuffer read(PageAddress address) throws IOException {
    reads.incrementAndGet();
    byte[] page = pages.get(address);
    if (page == null) {
      throw new DamagedPage(address, "it is not there", null);
    }
    return ByteBuffer.wrap(page).asReadOnlyBuffer();
  }

  @Override
  public List<ByteBuffer> readAhead(List<PageAddress> run) throws IOException {
    List<ByteBuffer> found = new ArrayList<>();
    found.add(read(run.getFirst()));
    for (PageAddress next : run.subList(1, run.size())) {
      byte[] page = pages.get(next);
      if (page == null) {
        break;
      }
      found.add(ByteBuffer.wrap(page).asReadOnlyBuffer());
    }
    return found;
  }

  @Override
  public PageAddress write(ByteBuffer page) throws IOException {
    if (writesLeft-- <= 0) {
      throw new IOException("the store is out of order");
    }
    byte[] bytes = new byte[page.remaining()];
    page.get(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    if (offset > PACK_BYTES) {
      pack++;
      offset = FIRST_OFFSET;
    }
    PageAddress address = new PageAddress(pack, offset, bytes.length, (int) crc.getValue());
    offset += bytes.length;
    pages.put(address, bytes);
    return address;
  }

  /** Lets all writes after the next {@code writes} fail. */
  void failAfter(int writes) {
    writesLeft = writes;
  }

  /** Lets all writes succeed. */
  void repair() {
    writesLeft = Integer.MAX_VALUE;
  }

  /** A copy of the stored bytes. */
  byte[] bytes(PageAddress address) {
    byte[] page = pages.get(address);
    if (page == null) {
      throw new AssertionError("no page at " + address);
    }
    return page.clone();
  }

  /** Stores other bytes under an address. */
  void replace(PageAddress address, byte[] bytes) {
    pages.put(address, bytes);
  }

  /** All pages that were written and not forgotten. */
  Set<PageAddress> addresses() {
    return Set.copyOf(pages.keySet());
  }

  /** Loses a page, which must be there. */
  void forget(PageAddress address) {
    if (pages.remove(address) == null) {
      throw new AssertionError("no page at " + address);
    }
  }

  /** How many requests to read were made. */
  int reads() {
    return reads.get();
  }
}
