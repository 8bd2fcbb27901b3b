package io.strata.fs.posix;

import io.strata.fs.DataRun;
import io.strata.fs.Engine;
import io.strata.fs.schema.Extent;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Small segments, so that files have runs in several. Guarded by itself. */
final class SegmentsInMemory {
  private static final int SEGMENT_BYTES_MAX = 64 << 10;

  private final Epoch epoch;
  private final Map<Nonce, byte[]> segments = new HashMap<>();
  private final AtomicInteger openRuns = new AtomicInteger();
  private Nonce open;
  private int length;

  SegmentsInMemory(Epoch epoch) {
    this.epoch = epoch;
    open = Nonce.of(epoch, 0);
    segments.put(open, new byte[1024]);
  }

  int openRuns() {
    return openRuns.get();
  }

  synchronized Engine.Appended append(MemorySegment bytes, long fileOffset) {
    if (length >= SEGMENT_BYTES_MAX) {
      open = Nonce.of(epoch, segments.size());
      length = 0;
    }
    int size = Math.toIntExact(bytes.byteSize());
    byte[] segment = segments.getOrDefault(open, new byte[1024]);
    if (segment.length < length + size) {
      segment = Arrays.copyOf(segment, Math.max(segment.length * 2, length + size));
    }
    MemorySegment.copy(bytes, 0, MemorySegment.ofArray(segment), length, size);
    segments.put(open, segment);
    Extent extent = new Extent(fileOffset, size, open, length);
    length += size;
    openRuns.incrementAndGet();
    return new Run(extent);
  }

  synchronized void read(DataRun run) {
    byte[] segment = segments.get(run.nonce());
    if (segment == null) {
      throw new AssertionError("no segment " + run.nonce());
    }
    MemorySegment.copy(
        MemorySegment.ofArray(segment),
        run.logicalOffset(),
        run.target(),
        0,
        run.target().byteSize());
  }

  /** A run that counts as open until it is closed. */
  private final class Run implements Engine.Appended {
    private final Extent extent;
    private boolean closed;

    Run(Extent extent) {
      this.extent = extent;
    }

    @Override
    public Extent extent() {
      return extent;
    }

    @Override
    public void close() {
      if (closed) {
        throw new AssertionError("closed twice: " + extent);
      }
      closed = true;
      openRuns.decrementAndGet();
    }
  }
}
