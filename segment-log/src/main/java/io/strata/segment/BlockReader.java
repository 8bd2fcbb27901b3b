package io.strata.segment;

import io.strata.platform.Platform;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored segments by way of the {@link BlockCache}.
 *
 * <p>A run of missing blocks is one ranged get; blocks that are on their way already are waited for
 * and not got again. Every block's checksum is verified before a byte of it is handed out.
 *
 * <p>Safe for use by any thread. Nothing is retried here: that is for the store.
 */
public final class BlockReader {
  /** How much of an object's end is read at first to find its footer. */
  private static final int SUFFIX_BYTES = 64 << 10;

  private final BlockFetcher fetcher;

  /** A reader of the segments in {@code store}. */
  public BlockReader(ObjectStore store, BlockCache cache, SegmentSizes sizes, Platform platform) {
    this.fetcher = new BlockFetcher(store, cache, sizes, platform);
  }

  /**
   * Reads logical bytes of a segment, waiting for the store if need be; on a virtual thread. If it
   * throws, what {@code target} holds is undefined.
   *
   * @throws IndexOutOfBoundsException if the segment has not so many bytes
   * @throws StoreException.Missing if the segment is not in the store
   * @throws StoreException.Corrupt naming object, block and offset, if it is damaged
   * @throws InterruptedException if the thread is interrupted; the blocks still go to the cache
   */
  public void read(SegmentIndex index, long logicalOffset, MemorySegment target)
      throws StoreException, InterruptedException {
    begin(index, logicalOffset, target).finish();
  }

  /**
   * Begins such a read without waiting, so that several go on at a time.
   *
   * @throws IndexOutOfBoundsException if the segment has not so many bytes
   */
  public Reading begin(SegmentIndex index, long logicalOffset, MemorySegment target) {
    if (readCached(index, logicalOffset, target)) {
      return new Reading(0, List.of(), logicalOffset, target);
    }
    int first = SegmentFormat.blockAt(logicalOffset);
    int last = SegmentFormat.blockAt(logicalOffset + target.byteSize() - 1);
    return new Reading(first, fetcher.fetch(index, first, last), logicalOffset, target);
  }

  /** A read that has begun. Nothing but {@link #finish} touches its target. */
  public static final class Reading {
    private final int first;
    private final List<CompletableFuture<byte[]>> blocks;
    private final long logicalOffset;
    private final MemorySegment target;

    private Reading(
        int first,
        List<CompletableFuture<byte[]>> blocks,
        long logicalOffset,
        MemorySegment target) {
      this.first = first;
      this.blocks = blocks;
      this.logicalOffset = logicalOffset;
      this.target = target;
    }

    /**
     * Waits for the blocks and copies them; as {@link BlockReader#read}. Left out, they go to the
     * cache all the same.
     */
    public void finish() throws StoreException, InterruptedException {
      for (int i = 0; i < blocks.size(); i++) {
        copy(await(blocks.get(i)), first + i, logicalOffset, target);
      }
    }
  }

  /**
   * Reads logical bytes of a segment if all of them are in the cache; never waits.
   *
   * @return whether they were; if not, {@code target} is as it was
   * @throws IndexOutOfBoundsException if the segment has not so many bytes
   */
  public boolean readCached(SegmentIndex index, long logicalOffset, MemorySegment target) {
    if (!peekCached(index, logicalOffset, target)) {
      return false;
    }
    wereRead(index, logicalOffset, target.byteSize());
    return true;
  }

  /**
   * Does the same, but blocks that were prefetched go on waiting to be read. For somebody who can use
   * the bytes only together with others, and comes again if he does not get these; {@link #wereRead}
   * if he does.
   */
  public boolean peekCached(SegmentIndex index, long logicalOffset, MemorySegment target) {
    Objects.checkFromIndexSize(logicalOffset, target.byteSize(), index.logicalLength());
    if (target.byteSize() == 0) {
      return true;
    }
    int first = SegmentFormat.blockAt(logicalOffset);
    int last = SegmentFormat.blockAt(logicalOffset + target.byteSize() - 1);
    @Nullable List<byte[]> blocks = fetcher.cached(index, first, last);
    if (blocks == null) {
      return false;
    }
    for (int k = first; k <= last; k++) {
      copy(blocks.get(k - first), k, logicalOffset, target);
    }
    return true;
  }

  /** Notes that bytes were read that {@link #peekCached} found. */
  public void wereRead(SegmentIndex index, long logicalOffset, long length) {
    if (length > 0) {
      fetcher.wereRead(
          index,
          SegmentFormat.blockAt(logicalOffset),
          SegmentFormat.blockAt(logicalOffset + length - 1));
    }
  }

  /**
   * Begins to read blocks that will be wanted, one get for each run of missing ones. Never waits.
   * What goes beyond {@link SegmentSizes#prefetchBytesMax} is left out, from the end; a failure
   * shows when the blocks are read.
   *
   * @param firstBlock at least 0
   * @param lastBlock inclusive; less than the segment's block count
   */
  public void prefetch(SegmentIndex index, int firstBlock, int lastBlock) {
    Objects.checkFromToIndex(firstBlock, lastBlock + 1, index.blockCount());
    fetcher.prefetch(index, firstBlock, lastBlock);
  }

  /**
   * How many bytes there is room for to be prefetched now; 0 unless that is a quarter of {@link
   * SegmentSizes#prefetchBytesMax}, so that requests are long.
   */
  public long prefetchRoom() {
    return fetcher.prefetchRoom();
  }

  /** What this reader has done. */
  public BlockReaderStats stats() {
    return fetcher.stats();
  }

  /**
   * The index that a segment's object itself has: one get, or two if there are very many runs in
   * its summary. Waits for the store.
   *
   * @throws StoreException.Missing if there is no such segment
   * @throws StoreException.Corrupt if the end of the object is damaged, cut off, or another's
   */
  public static SegmentIndex readIndex(ObjectStore store, VolumeId volume, Nonce nonce)
      throws StoreException {
    return readFooter(store, volume, nonce).index();
  }

  /** As {@link #readIndex}, with the summary. */
  public static SegmentFooter readFooter(ObjectStore store, VolumeId volume, Nonce nonce)
      throws StoreException {
    ObjectKey key = ObjectNames.segment(nonce);
    ByteBuffer suffix = store.get(key, new ByteRange.Suffix(SUFFIX_BYTES));
    boolean whole = suffix.remaining() < SUFFIX_BYTES;
    int needed = SegmentFooter.suffixLength(volume, nonce, suffix);
    if (!whole && suffix.remaining() < needed) {
      suffix = store.get(key, new ByteRange.Suffix(needed));
    }
    SegmentFooter footer = SegmentFooter.read(volume, nonce, suffix);
    if (whole && suffix.remaining() != footer.index().objectLength()) {
      throw new StoreException.Corrupt(
          key,
          "it has %d bytes, not %d".formatted(suffix.remaining(), footer.index().objectLength()));
    }
    return footer;
  }

  private static void copy(byte[] block, int number, long logicalOffset, MemorySegment target) {
    long blockStart = (long) number * SegmentFormat.BLOCK_BYTES;
    long from = Math.max(logicalOffset, blockStart);
    long to = Math.min(logicalOffset + target.byteSize(), blockStart + block.length);
    MemorySegment.copy(
        block,
        (int) (from - blockStart),
        target,
        ValueLayout.JAVA_BYTE,
        from - logicalOffset,
        (int) (to - from));
  }

  private static byte[] await(CompletableFuture<byte[]> block)
      throws StoreException, InterruptedException {
    try {
      return block.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StoreException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException("cannot read a block", e);
      }
    }
  }
}
