package io.strata.vhost.fs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory for copies of large requests and replies, in slabs that are made when they are needed, up
 * to a limit. The first free room is taken, so that slabs which were needed once may rest. Guarded
 * by its owner.
 */
final class StagingMemory implements AutoCloseable {
  /** Room for the largest request with the largest reply. */
  static final int SLAB_BYTES = 4 << 20;

  private static final int ALIGNMENT = 4096;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> slabs = new ArrayList<>();
  private final int slabsMax;

  /** Free runs by place, which is a slab's number times its size and more; merged in slabs. */
  private final TreeMap<Long, Long> free = new TreeMap<>();

  private long taken;

  /** As many slabs as {@code bytes} hold, but at least one. */
  StagingMemory(long bytes) {
    this.slabsMax = Math.clamp(bytes / SLAB_BYTES, 1, Integer.MAX_VALUE);
  }

  /**
   * A run of exactly {@code bytes}, with anything in it; null if there is no room.
   *
   * @param bytes at most {@link #SLAB_BYTES}
   */
  @Nullable MemorySegment take(long bytes) {
    long wanted = rounded(bytes);
    Map.Entry<Long, Long> run = free.firstEntry();
    while (run != null && run.getValue() < wanted) {
      run = free.higherEntry(run.getKey());
    }
    if (run == null) {
      if (slabs.size() == slabsMax) {
        return null;
      }
      run = Map.entry((long) slabs.size() * SLAB_BYTES, (long) SLAB_BYTES);
      slabs.add(arena.allocate(SLAB_BYTES, ALIGNMENT));
    }
    long at = run.getKey();
    free.remove(at);
    if (run.getValue() > wanted) {
      free.put(at + wanted, run.getValue() - wanted);
    }
    taken += wanted;
    return slabs.get((int) (at / SLAB_BYTES)).asSlice(at % SLAB_BYTES, bytes);
  }

  private static long rounded(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** Frees a run as it was taken. */
  void give(MemorySegment run) {
    long at = place(run);
    long end = at + rounded(run.byteSize());
    taken -= end - at;
    Map.Entry<Long, Long> before = free.lowerEntry(at);
    if (before != null && at % SLAB_BYTES != 0 && before.getKey() + before.getValue() == at) {
      at = before.getKey();
    }
    Long after = end % SLAB_BYTES == 0 ? null : free.remove(end);
    free.put(at, (after == null ? end : end + after) - at);
  }

  private long place(MemorySegment run) {
    for (int i = 0; i < slabs.size(); i++) {
      long inSlab = run.address() - slabs.get(i).address();
      if (inSlab >= 0 && inSlab < SLAB_BYTES) {
        return (long) i * SLAB_BYTES + inSlab;
      }
    }
    throw new IllegalArgumentException("room that was taken elsewhere");
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
