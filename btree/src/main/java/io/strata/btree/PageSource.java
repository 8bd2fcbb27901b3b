package io.strata.btree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

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

  /**
   * Reads the first of some pages that lie next to each other in one pack, and those behind it, as
   * far as they come along with it at little cost: with one request. The others need not be there
   * or whole; they will be asked for again when they are needed.
   *
   * @param run at least one page, each beginning where the one before it ends
   * @return the first pages of the run, at least one, as {@link #read} returns them
   * @throws DamagedPage if what is at the first address is not what was written
   * @throws IOException if the first cannot be read now
   */
  default List<ByteBuffer> readAhead(List<PageAddress> run) throws IOException {
    return List.of(read(run.getFirst()));
  }
}
