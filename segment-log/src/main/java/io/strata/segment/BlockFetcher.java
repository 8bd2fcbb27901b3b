package io.strata.segment;

import io.strata.platform.Platform;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.store.ByteRange;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.Receiver;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Gets missing blocks from the store, each once however many want it.
 *
 * <p>A block that is neither cached nor on its way is <em>claimed</em> by putting a future for it
 * into {@code underway}; claimed blocks that lie side by side are one get. The get has a thread of
 * its own, so that a reader who gives up takes nothing from those who wait for the same block. A
 * block goes into the cache first and out of {@code underway} then: whoever claims one looks into
 * the cache once more.
 *
 * <p>Safe for use by any thread.
 */
final class BlockFetcher {
  private final ObjectStore store;
  private final BlockCache cache;
  private final Platform platform;
  private final long prefetchBytesMax;
  private final Map<BlockKey, CompletableFuture<byte[]>> underway = new ConcurrentHashMap<>();
  private final AtomicLong prefetchBytes = new AtomicLong();
  private final MissRuns missRuns = new MissRuns();
  private final LongAdder gets = new LongAdder();
  private final LongAdder getBytes = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  BlockFetcher(ObjectStore store, BlockCache cache, SegmentSizes sizes, Platform platform) {
    this.store = store;
    this.cache = cache;
    this.platform = platform;
    this.prefetchBytesMax = sizes.prefetchBytesMax();
  }

  /**
   * The cached blocks from {@code first} to {@code last}; null if one is missing. They do not count
   * as read: if one is missing the others are wanted again in a moment, and what the cache proper is
   * given it may not keep.
   */
  @Nullable List<byte[]> cached(SegmentIndex index, int first, int last) {
    List<byte[]> blocks = new ArrayList<>(last - first + 1);
    for (int k = first; k <= last; k++) {
      byte @Nullable [] block = cache.peek(key(index, k));
      if (block == null) {
        return null;
      }
      blocks.add(block);
    }
    hits.add(blocks.size());
    return blocks;
  }

  /** The blocks from {@code first} to {@code last} count as read. */
  void wereRead(SegmentIndex index, int first, int last) {
    for (int k = first; k <= last; k++) {
      var _ = cache.wasRead(key(index, k));
    }
  }

  /** The blocks from {@code first} to {@code last}, now or once they have come. */
  List<CompletableFuture<byte[]>> fetch(SegmentIndex index, int first, int last) {
    List<CompletableFuture<byte[]>> blocks = new ArrayList<>(last - first + 1);
    Claims claims = new Claims(index, false);
    for (int k = first; k <= last; k++) {
      byte @Nullable [] block = cache.get(key(index, k));
      if (block != null) {
        hits.increment();
        blocks.add(CompletableFuture.completedFuture(block));
      } else {
        misses.increment();
        blocks.add(claims.claim(k));
      }
    }
    start(claims.runs);
    if (!claims.runs.isEmpty()) {
      foresee(index, claims.runs.getFirst().block(0), last);
    }
    return blocks;
  }

  private void foresee(SegmentIndex index, int first, int last) {
    int more = missRuns.afterMiss(index.nonce().value(), first, last, index.blockCount());
    if (more > 0) {
      prefetch(index, last + 1, last + more);
    }
  }

  /** As {@link BlockReader#prefetchRoom}. */
  long prefetchRoom() {
    long room = prefetchBytesMax - prefetchBytes.get() - cache.stagedBytes();
    return room < prefetchBytesMax / 4 ? 0 : room;
  }

  /** Begins to get what is missing, as far as the limit of prefetched bytes allows. */
  void prefetch(SegmentIndex index, int first, int last) {
    Claims claims = new Claims(index, true);
    for (int k = first; k <= last; k++) {
      BlockKey key = key(index, k);
      if (cache.contains(key) || underway.containsKey(key)) {
        continue;
      }
      if (prefetchBytes.addAndGet(index.rawLength(k)) > prefetchBytesMax) {
        prefetchBytes.addAndGet(-index.rawLength(k));
        break;
      }
      if (!claims.tryClaim(k)) { // somebody was faster
        prefetchBytes.addAndGet(-index.rawLength(k));
      }
    }
    start(claims.runs);
  }

  BlockReaderStats stats() {
    return new BlockReaderStats(
        hits.sum(), misses.sum(), gets.sum(), getBytes.sum(), cache.bytes());
  }

  private void start(List<BlockRun> runs) {
    try {
      for (BlockRun run : runs) {
        platform.waiting().execute(() -> get(run));
      }
    } catch (RuntimeException | Error e) {
      runs.forEach(run -> failFrom(run, 0, e)); // or those who wait would wait for ever
      throw e;
    }
  }

  private void get(BlockRun run) {
    try {
      store.get(
          ObjectNames.segment(run.index().nonce()),
          new ByteRange.Slice(run.storedOffset(), run.storedLength()),
          length -> {
            gets.increment();
            getBytes.add(length);
            return new ArrivingRun(run, length);
          });
      // All of them have ended; or those who wait would wait for ever.
      failFrom(run, 0, new IllegalStateException("the store left bytes out"));
    } catch (StoreException e) {
      failFrom(run, 0, e);
    } catch (RuntimeException | Error e) {
      failFrom(run, 0, e);
      throw e;
    }
  }

  /** An answer that comes: makes blocks of its bytes. On one thread at a time. */
  private final class ArrivingRun implements Receiver.Arrival {
    private final BlockRun run;
    private int left;
    private int next;
    private byte[] stored;
    private int filled;

    ArrivingRun(BlockRun run, int length) {
      this.run = run;
      this.left = length;
      this.stored = run.stored(0, left);
      endShort();
    }

    @Override
    public void take(ByteBuffer bytes) {
      while (next < run.size() && bytes.hasRemaining()) {
        int count = Math.min(bytes.remaining(), stored.length - filled);
        bytes.get(stored, filled, count);
        filled += count;
        left -= count;
        if (filled == stored.length) {
          decode(run, next, stored);
          next++;
          filled = 0;
          if (next < run.size()) {
            stored = run.stored(next, left);
            endShort();
          }
        }
      }
    }

    /** The object ends before its blocks do. */
    private void endShort() {
      while (left == 0 && next < run.size()) {
        decode(run, next, stored);
        next++;
        stored = new byte[0];
      }
    }
  }

  private void decode(BlockRun run, int i, byte[] stored) {
    if (run.future(i).isDone()) {
      return; // by an earlier attempt
    }
    try {
      arrived(run, i, StoredBlock.decode(run.index(), run.block(i), stored));
    } catch (StoreException.Corrupt e) {
      failed(run, i, e); // its neighbours may be whole
    } catch (RuntimeException | Error e) {
      failed(run, i, e);
      throw e;
    }
  }

  private void arrived(BlockRun run, int i, byte[] block) {
    if (run.ahead()) {
      cache.stage(run.key(i), block);
    } else {
      cache.put(run.key(i), block);
    }
    underway.remove(run.key(i), run.future(i));
    ended(run, i, run.future(i).complete(block));
  }

  private void failFrom(BlockRun run, int from, Throwable why) {
    for (int i = from; i < run.size(); i++) {
      failed(run, i, why);
    }
  }

  private void failed(BlockRun run, int i, Throwable why) {
    underway.remove(run.key(i), run.future(i));
    ended(run, i, run.future(i).completeExceptionally(why));
  }

  private void ended(BlockRun run, int i, boolean firstEnd) {
    if (firstEnd && run.ahead()) {
      prefetchBytes.addAndGet(-run.index().rawLength(run.block(i)));
    }
  }

  private static BlockKey key(SegmentIndex index, int block) {
    return new BlockKey(index.nonce().value(), block);
  }

  /** What one caller has claimed of one segment. Confined to the caller's thread. */
  private final class Claims {
    private final SegmentIndex index;
    private final boolean ahead;
    private final List<BlockRun> runs = new ArrayList<>();
    private int count;

    Claims(SegmentIndex index, boolean ahead) {
      this.index = index;
      this.ahead = ahead;
    }

    /** The future of a block that was not cached a moment ago: the caller's, or who was faster. */
    CompletableFuture<byte[]> claim(int block) {
      BlockKey key = key(index, block);
      CompletableFuture<byte[]> mine = new CompletableFuture<>();
      CompletableFuture<byte[]> theirs = underway.putIfAbsent(key, mine);
      if (theirs != null) {
        // It may be prefetched: from now on it is one that was read, and no prefetch waits for room.
        return ahead ? theirs : theirs.whenComplete((came, failure) -> cache.get(key));
      }
      byte @Nullable [] arrived = cache.get(key);
      if (arrived != null) {
        underway.remove(key, mine);
        mine.complete(arrived);
        return mine;
      }
      if (runs.isEmpty() || runs.getLast().end() != block) {
        runs.add(new BlockRun(index, block, ahead));
      }
      runs.getLast().add(mine);
      count++;
      return mine;
    }

    /** Whether {@link #claim} makes the block the caller's. */
    boolean tryClaim(int block) {
      int before = count;
      var _ = claim(block);
      return count > before;
    }
  }
}
