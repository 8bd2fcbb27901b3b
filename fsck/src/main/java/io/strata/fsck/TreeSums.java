package io.strata.fsck;

import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up what the counters of a head count: the entries of its tree alone. */
final class TreeSums {
  private static final Logger LOG = LoggerFactory.getLogger(TreeSums.class);

  private long inodes;
  private long bytes;

  void take(byte[] key, byte[] value) {
    try {
      switch (TreeKeys.decode(key)) {
        case TreeKey.OfInode inode -> inodes++;
        case TreeKey.OfExtent(Ino ino, long offset) ->
            bytes += Extent.decode(offset, value).length();
        case TreeKey other -> {}
      }
    } catch (MalformedRecord told) {
      LOG.debug("left out of sums: {}", told.getMessage()); // it becomes a finding elsewhere
    }
  }

  /** Inodes of the tree. */
  long inodes() {
    return inodes;
  }

  /** Lengths of the tree's extents. */
  long bytes() {
    return bytes;
  }
}
