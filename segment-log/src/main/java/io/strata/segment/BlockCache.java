package io.strata.segment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strata.platform.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed blocks of stored segments, in bounded memory.
 *
 * <p>Blocks that were prefetched stay apart until they are read for the first time: the cache
 * proper prefers what is used often, and would throw new blocks of a long sequential read away
 * before the reader comes to them.
 *
 * <p>Safe for use by any thread. The arrays are shared and nobody writes to them.
 */
public final class BlockCache {
  /** What an entry costs beside its bytes, about. */
  private static final int ENTRY_BYTES = 112;

  private final Cache<BlockKey, byte[]> used;
  private final StagedBlocks staged;

  /** An empty cache of at most {@code cacheBytesMax} and {@code prefetchBytesMax} bytes. */
  public BlockCache(SegmentSizes sizes, Clock clock) {
    this.used =
        Caffeine.newBuilder()
            .maximumWeight(sizes.cacheBytesMax())
            .weigher((BlockKey key, byte[] block) -> block.length + ENTRY_BYTES)
            .executor(Runnable::run) // its upkeep is short, and needs no threads of its own
            .build();
    this.staged = new StagedBlocks(sizes.prefetchBytesMax(), clock);
  }

  /** The block, which counts as read now; null if it is not here. */
  byte @Nullable [] get(BlockKey key) {
    byte @Nullable [] block = used.getIfPresent(key);
    return block == null ? wasRead(key) : block;
  }

  /** What {@link #peek} has found counts as read; null if it did so before. */
  byte @Nullable [] wasRead(BlockKey key) {
    byte @Nullable [] block = staged.take(key);
    if (block != null) {
      used.put(key, block);
    }
    return block;
  }

  /** As {@link #get}, but it does not count as read. */
  byte @Nullable [] peek(BlockKey key) {
    byte @Nullable [] block = used.getIfPresent(key);
    return block == null ? staged.peek(key) : block;
  }

  /** Whether the block is here; that does not count as reading it. */
  boolean contains(BlockKey key) {
    return staged.contains(key) || used.asMap().containsKey(key);
  }

  /** Keeps a block that is being read. */
  void put(BlockKey key, byte[] block) {
    used.put(key, block);
  }

  /** Keeps a block that will be read. */
  void stage(BlockKey key, byte[] block) {
    staged.put(key, block);
  }

  /** Bytes of blocks that were staged a while ago at most, and not read yet. */
  long stagedBytes() {
    staged.forgetOld();
    return staged.bytes();
  }

  /** Keeps all blocks of a segment that was in memory anyway. */
  void putSegment(Segment segment) {
    for (int k = 0; k < segment.blockCount(); k++) {
      put(new BlockKey(segment.nonce().value(), k), segment.block(k));
    }
  }

  /** Bytes in use, about. */
  public long bytes() {
    long usedBytes = used.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
    return usedBytes + staged.bytes();
  }
}
