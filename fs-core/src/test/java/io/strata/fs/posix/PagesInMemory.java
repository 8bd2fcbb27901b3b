package io.strata.fs.posix;

import io.strata.btree.DamagedPage;
import io.strata.btree.PageAddress;
import io.strata.btree.PageSink;
import io.strata.btree.PageSource;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A tree's stored pages. */
final class PagesInMemory implements PageSource, PageSink {
  private final Map<PageAddress, byte[]> pages = new ConcurrentHashMap<>();
  private final AtomicLong packs = new AtomicLong();

  @Override
  public ByteBuffer read(PageAddress address) throws DamagedPage {
    byte[] page = pages.get(address);
    if (page == null) {
      throw new DamagedPage(address, "it is not there", null);
    }
    return ByteBuffer.wrap(page).asReadOnlyBuffer();
  }

  @Override
  public PageAddress write(ByteBuffer page) {
    byte[] bytes = new byte[page.remaining()];
    page.get(bytes);
    PageAddress address = new PageAddress(packs.incrementAndGet(), 0, bytes.length, 0);
    pages.put(address, bytes);
    return address;
  }
}
