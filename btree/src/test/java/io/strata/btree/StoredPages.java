package io.strata.btree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** A page store in memory, which can be told to fail and whose pages can be damaged. */
final class StoredPages implements PageSource, PageSink {
  private final Map<PageAddress, byte[]> pages = new ConcurrentHashMap<>();
  private final AtomicLong packs = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();

  /** How many more writes succeed. */
  private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);

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
  public PageAddress write(ByteBuffer page) throws IOException {
    if (writesLeft.getAndDecrement() <= 0) {
      throw new IOException("the store is out of order");
    }
    byte[] bytes = new byte[page.remaining()];
    page.get(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    PageAddress address =
        new PageAddress(packs.incrementAndGet(), 64, bytes.length, (int) crc.getValue());
    pages.put(address, bytes);
    return address;
  }

  /** Lets all writes after the next {@code writes} fail. */
  void failAfter(int writes) {
    writesLeft.set(writes);
  }

  /** Lets all writes succeed. */
  void repair() {
    writesLeft.set(Integer.MAX_VALUE);
  }

  /** The stored bytes themselves. */
  byte[] bytes(PageAddress address) {
    byte[] page = pages.get(address);
    if (page == null) {
      throw new AssertionError("no page at " + address);
    }
    return page;
  }

  /** Stores other bytes under an address. */
  void replace(PageAddress address, byte[] bytes) {
    pages.put(address, bytes);
  }

  /** All pages that were written and not forgotten. */
  Set<PageAddress> addresses() {
    return Set.copyOf(pages.keySet());
  }

  void forget(PageAddress address) {
    if (pages.remove(address) == null) {
      throw new AssertionError("no page at " + address);
    }
  }

  int reads() {
    return reads.get();
  }
}
