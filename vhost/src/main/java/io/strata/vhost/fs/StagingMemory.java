package io.strata.vhost.fs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a fixed size for copies of large requests and replies. The lowest free room is taken,
 * so that what was never needed is never touched. Guarded by its owner.
 */
final class StagingMemory implements AutoCloseable {
  private static final int ALIGNMENT = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment all;

  /** Free runs by offset; neighbours are merged. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  private long taken;

  StagingMemory(long bytes) {
    this.all = arena.allocate(rounded(bytes), ALIGNMENT);
    free.put(0L, all.byteSize());
  }

  private static long rounded(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** A run of exactly {@code bytes}, with anything in it; null if there is no room. */
  @Nullable MemorySegment take(long bytes) {
    long wanted = rounded(bytes);
    Map.Entry<Long, Long> run = free.firstEntry();
    while (run != null && run.getValue() < wanted) {
      run = free.higherEntry(run.getKey());
    }
    if (run == null) {
      return null;
    }
    long at = run.getKey();
    free.remove(at);
    if (run.getValue() > wanted) {
      free.put(at + wanted, run.getValue() - wanted);
    }
    taken += wanted;
    return all.asSlice(at, bytes);
  }

  /** Frees a run as it was taken. */
  void give(MemorySegment run) {
    long at = run.address() - all.address();
    long length = rounded(run.byteSize());
    taken -= length;
    Map.Entry<Long, Long> before = free.lowerEntry(at);
    if (before != null && before.getKey() + before.getValue() == at) {
      free.remove(before.getKey());
      at = before.getKey();
      length += before.getValue();
    }
    Long after = free.remove(at + length);
    free.put(at, after == null ? length : length + after);
  }

  /** Bytes that are taken. */
  long taken() {
    return taken;
  }

  /** Frees all of it; nothing may be taken. */
  @Override
  public void close() {
    arena.close();
  }
}
