package io.strata.fs.volume;

import io.strata.checkpoint.format.StoredHead;
import java.io.IOException;

/** Reads heads that are kept. */
@FunctionalInterface
interface HeadReader {
  /**
   * Reads one.
   *
   * @throws io.strata.store.StoreException.Missing if it is not there any more
   */
  StoredHead read(long number) throws IOException;
}
