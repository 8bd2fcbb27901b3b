package io.strata.fs.volume;

import io.strata.fs.DataRun;
import io.strata.replay.format.InlineRun;
import io.strata.store.Nonce;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of segments that log entries carried, for as long as it is not known that the segment is
 * stored. Safe for any thread that reads, beside one that changes it.
 */
final class InlineRuns implements DataReader.Resident {
  /** What a run costs beside its bytes, about. */
  private static final int RUN_BYTES = 128;

  private final NavigableMap<Nonce, NavigableMap<Long, byte[]>> segments =
      new ConcurrentSkipListMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /** Keeps a copy of a run: its buffer is a part of a whole log object. */
  void add(InlineRun run) {
    ByteBuffer from = run.bytes();
    byte[] copy = new byte[from.remaining()];
    from.get(copy);
    byte[] before =
        segments
            .computeIfAbsent(run.nonce(), nonce -> new ConcurrentSkipListMap<>())
            .putIfAbsent(run.logicalOffset(), copy);
    if (before == null) {
      bytes.addAndGet(cost(copy.length));
    }
  }

  /** What a run of so many bytes adds to {@link #bytes}. */
  static long cost(int length) {
    return (long) length + RUN_BYTES;
  }

  /** Forgets the runs of a segment that is stored, and whose index the tree has. */
  void drop(Nonce nonce) {
    Map<Long, byte[]> gone = segments.remove(nonce);
    if (gone != null) {
      gone.values().forEach(run -> bytes.addAndGet(-cost(run.length)));
    }
  }

  /** The segments that it has runs of, oldest first; a view. */
  Set<Nonce> nonces() {
    return segments.navigableKeySet();
  }

  /** Memory in use, about. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public boolean read(DataRun wanted) {
    NavigableMap<Long, byte[]> runs = segments.get(wanted.nonce());
    if (runs == null || !covers(runs, wanted)) {
      return false;
    }
    MemorySegment target = wanted.target();
    long at = wanted.logicalOffset();
    long end = at + target.byteSize();
    while (at < end) {
      Map.Entry<Long, byte[]> run = runs.floorEntry(at);
      int skip = (int) (at - run.getKey());
      int length = (int) Math.min(run.getValue().length - skip, end - at);
      MemorySegment.copy(
          run.getValue(),
          skip,
          target,
          ValueLayout.JAVA_BYTE,
          at - wanted.logicalOffset(),
          length);
      at += length;
    }
    return true;
  }

  /** Runs of a segment are only ever added, or dropped together, which {@code runs} outlives. */
  private static boolean covers(NavigableMap<Long, byte[]> runs, DataRun wanted) {
    long at = wanted.logicalOffset();
    long end = at + wanted.target().byteSize();
    while (at < end) {
      Map.Entry<Long, byte[]> run = runs.floorEntry(at);
      long reached = run == null ? at : run.getKey() + run.getValue().length;
      if (reached <= at) {
        return false;
      }
      at = reached;
    }
    return true;
  }
}
