package io.strata.btree;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a tree reads its stored pages. Safe for any number of threads. */
public interface PageSource {
  /**
   * Reads the page that {@link PageSink#write} stored at an address: the same bytes, from position
   * to limit.
   *
   * @throws DamagedPage if what is there is not what was written
   * @throws IOException if it cannot be read now
   */
  ByteBuffer read(PageAddress address) throws IOException;
}
