package io.strata.segment;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prefetched blocks that nobody has read yet, the oldest going first when there are too many.
 * Guarded by its own monitor.
 */
final class StagedBlocks {
  private final long bytesMax;
  private final Map<BlockKey, byte[]> blocks = new LinkedHashMap<>();
  private long bytes;

  StagedBlocks(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized void put(BlockKey key, byte[] block) {
    take(key);
    blocks.put(key, block);
    bytes += block.length;
    Iterator<byte[]> oldest = blocks.values().iterator();
    while (bytes > bytesMax) {
      bytes -= oldest.next().length;
      oldest.remove();
    }
  }

  synchronized byte @Nullable [] take(BlockKey key) {
    byte @Nullable [] block = blocks.remove(key);
    if (block != null) {
      bytes -= block.length;
    }
    return block;
  }

  synchronized boolean contains(BlockKey key) {
    return blocks.containsKey(key);
  }

  synchronized long bytes() {
    return bytes;
  }
}
