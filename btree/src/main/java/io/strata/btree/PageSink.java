package io.strata.btree;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a checkpoint stores pages. Used by one thread at a time. */
public interface PageSink {
  /**
   * Stores a page, now or some time before the checkpoint ends, and says where it will be. The
   * buffer is the sink's own, from position to limit.
   */
  PageAddress write(ByteBuffer page) throws IOException;
}
