package io.strata.fs.volume;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.SegmentGone;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.platform.Platform;
import io.strata.segment.BlockReader;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the bytes of extents: in memory while they are on their way to the store, else in the cache,
 * else in the store. Safe for any thread.
 */
final class DataReader {
  /** Block indexes of segments kept decoded; about 3 KiB each. */
  private static final int INDEXES_MAX = 4096;

  private final TreeAccess access;
  private final Resident resident;
  private final BlockReader blocks;
  private final Platform platform;
  private final Cache<Nonce, SegmentIndex> indexes;

  /** Bytes that only this process's memory has. */
  @FunctionalInterface
  interface Resident {
    /** Fills the run's target, or returns false with the target as it was. */
    boolean read(DataRun run);
  }

  /** A run of a segment that is not in the log's memory. */
  private record Stored(DataRun run, SegmentIndex index) {}

  DataReader(TreeAccess access, Resident resident, BlockReader blocks, Platform platform) {
    this(access, resident, blocks, INDEXES_MAX, platform);
  }

  /** A reader that keeps {@code indexesMax} block indexes decoded. */
  DataReader(
      TreeAccess access,
      Resident resident,
      BlockReader blocks,
      int indexesMax,
      Platform platform) {
    this.indexes = Caffeine.newBuilder().maximumSize(indexesMax).build();
    this.access = access;
    this.resident = resident;
    this.blocks = blocks;
    this.platform = platform;
  }

  /** As {@link io.strata.fs.Engine#fill}. */
  void fill(Caller caller, List<DataRun> runs) throws FsException, SegmentGone {
    List<Stored> hits = new ArrayList<>();
    List<Stored> misses = new ArrayList<>();
    for (DataRun run : runs) {
      if (resident.read(run)) {
        continue;
      }
      SegmentIndex index = index(caller, run.nonce());
      boolean cached = blocks.peekCached(index, run.logicalOffset(), run.target());
      (cached ? hits : misses).add(new Stored(run, index));
    }
    if (!misses.isEmpty()) {
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      access.waits().await(() -> readAll(misses));
    }
    for (Stored hit : hits) {
      blocks.wereRead(hit.index(), hit.run().logicalOffset(), hit.run().target().byteSize());
    }
  }

  /** As {@link io.strata.fs.Engine#prefetchRoom}. */
  long prefetchRoom() {
    return blocks.prefetchRoom();
  }

  /** As {@link io.strata.fs.Engine#prefetch}; loads nothing of the tree. */
  void prefetch(List<Extent> extents) {
    Map<Nonce, List<Extent>> bySegment = new LinkedHashMap<>();
    for (Extent extent : extents) {
      bySegment.computeIfAbsent(extent.nonce(), nonce -> new ArrayList<>()).add(extent);
    }
    bySegment.forEach(
        (nonce, parts) -> {
          SegmentIndex index = indexes.getIfPresent(nonce);
          if (index != null) {
            prefetch(index, parts);
          } else {
            platform.waiting().execute(() -> prefetchUnknown(nonce, parts));
          }
        });
  }

  private void prefetchUnknown(Nonce nonce, List<Extent> parts) {
    try {
      prefetch(index(Caller.ROOT, nonce), parts);
    } catch (FsException | SegmentGone e) {
      // Whoever reads these bytes will meet the same and be told.
      return;
    }
  }

  /**
   * Blocks that lie side by side are one request in whatever order the file has them: a kernel
   * writes a file back on several threads, so that its pieces come to a segment out of order.
   */
  private void prefetch(SegmentIndex index, List<Extent> parts) {
    parts.sort(Comparator.comparingLong(Extent::logicalOffset));
    int first = SegmentFormat.blockAt(parts.getFirst().logicalOffset());
    int end = first;
    for (Extent part : parts) {
      int from = SegmentFormat.blockAt(part.logicalOffset());
      if (from > end) {
        blocks.prefetch(index, first, end - 1);
        first = from;
      }
      end = Math.max(end, SegmentFormat.blockAt(part.logicalOffset() + part.length() - 1) + 1);
    }
    blocks.prefetch(index, first, end - 1);
  }

  /** Nobody else touches the targets, so that who is interrupted need not wait for anybody. */
  private void readAll(List<Stored> misses) throws FsException, SegmentGone {
    List<BlockReader.Reading> readings = new ArrayList<>(misses.size());
    for (Stored miss : misses) {
      readings.add(blocks.begin(miss.index(), miss.run().logicalOffset(), miss.run().target()));
    }
    try {
      for (BlockReader.Reading reading : readings) {
        reading.finish();
      }
    } catch (StoreException.Missing e) {
      throwIfGone(misses);
      throw TreeAccess.failure(e);
    } catch (StoreException e) {
      throw TreeAccess.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(Errno.EINTR, "interrupted while reading", e);
    }
  }

  /** A segment that the tree has forgotten was garbage; one that it knows is lost. */
  private void throwIfGone(List<Stored> misses) throws FsException, SegmentGone {
    for (Stored miss : misses) {
      Nonce nonce = miss.run().nonce();
      indexes.invalidate(nonce);
      index(Caller.ROOT, nonce);
    }
  }

  private SegmentIndex index(Caller caller, Nonce nonce) throws FsException, SegmentGone {
    SegmentIndex known = indexes.getIfPresent(nonce);
    if (known != null) {
      return known;
    }
    Optional<byte[]> value =
        access.read(
            caller, metadata -> Optional.ofNullable(metadata.get(TreeKeys.segment(nonce))));
    if (value.isEmpty()) {
      throw new SegmentGone(nonce);
    }
    try {
      SegmentIndex index = SegmentIndex.decode(SegmentRecord.decode(value.get()).index().toBytes());
      indexes.put(nonce, index);
      return index;
    } catch (MalformedRecord | IllegalArgumentException e) {
      throw TreeAccess.failure(
          new IOException("the tree's record of segment " + nonce + " is malformed", e));
    }
  }
}
