package io.strata.segment;

import io.strata.platform.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prefetched blocks that nobody has read yet, the oldest going first when there are too many.
 * Guarded by its own monitor.
 */
final class StagedBlocks {
  /** Who has not come for a block after this time has probably stopped reading. */
  private static final long OLD_NANOS = Duration.ofSeconds(30).toNanos();

  private final long bytesMax;
  private final Clock clock;
  private final Map<BlockKey, Staged> blocks = new LinkedHashMap<>();

  /** Changed under the monitor. */
  private volatile long bytes;

  @SuppressWarnings("ArrayRecordComponent") // shared, and written by nobody
  private record Staged(byte[] block, long nanos) {}

  StagedBlocks(long bytesMax, Clock clock) {
    this.bytesMax = bytesMax;
    this.clock = clock;
  }

  synchronized void put(BlockKey key, byte[] block) {
    remove(key);
    blocks.put(key, new Staged(block, clock.nanoTime()));
    bytes += block.length;
    Iterator<Staged> oldest = blocks.values().iterator();
    while (bytes > bytesMax) {
      bytes -= oldest.next().block.length;
      oldest.remove();
    }
  }

  byte @Nullable [] take(BlockKey key) {
    // What is read is rarely here: no reader waits for another then.
    return bytes == 0 ? null : remove(key);
  }

  private synchronized byte @Nullable [] remove(BlockKey key) {
    Staged staged = blocks.remove(key);
    if (staged == null) {
      return null;
    }
    bytes -= staged.block.length;
    return staged.block;
  }

  synchronized byte @Nullable [] peek(BlockKey key) {
    Staged staged = blocks.get(key);
    return staged == null ? null : staged.block;
  }

  synchronized boolean contains(BlockKey key) {
    return blocks.containsKey(key);
  }

  /** Makes room for others who read. */
  synchronized void forgetOld() {
    long now = clock.nanoTime();
    Iterator<Staged> oldest = blocks.values().iterator();
    while (oldest.hasNext()) {
      Staged staged = oldest.next();
      if (now - staged.nanos < OLD_NANOS) {
        return;
      }
      bytes -= staged.block.length;
      oldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}
