package io.strata.fs.continuity;

import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * How many handles a client has open, by inode, roughly: inodes share counters. A counter of 0 says
 * that none of its inodes is open; and as the numbers of the inodes are summed up as well, one of
 * which only one inode is open says which. Safe for any thread.
 */
final class OpenCounts {
  /** Counters; a power of two. */
  static final int BUCKETS = 1 << 15;

  static final long BYTES = (long) BUCKETS * 2 * Long.BYTES;

  private static final VarHandle LONGS = MappedFile.LONGS;
  private static final int SUM_AT = Long.BYTES;

  private final MemorySegment memory;

  /** Counters that lie in {@code memory}, all 0 if it is. */
  OpenCounts(MemorySegment memory) {
    this.memory = memory;
  }

  /** Counters on the heap. */
  static OpenCounts onHeap() {
    return new OpenCounts(MemorySegment.ofArray(new long[BUCKETS * 2]));
  }

  void add(Ino ino, int more) {
    add(Buckets.of(ino.value(), BUCKETS), more, more * ino.value());
  }

  void add(int bucket, long more, long sum) {
    LONGS.getAndAdd(memory, at(bucket), more);
    LONGS.getAndAdd(memory, at(bucket) + SUM_AT, sum);
  }

  long get(Ino ino) {
    return get(Buckets.of(ino.value(), BUCKETS));
  }

  long get(int bucket) {
    return (long) LONGS.getVolatile(memory, at(bucket));
  }

  /** Sum of the numbers of the inodes, each as often as it is open. */
  long sum(int bucket) {
    return (long) LONGS.getVolatile(memory, at(bucket) + SUM_AT);
  }

  /** Whether an inode is open and no other that has the same counter. */
  boolean isOnly(Ino ino) {
    int bucket = Buckets.of(ino.value(), BUCKETS);
    return get(bucket) > 0 && sum(bucket) == get(bucket) * ino.value();
  }

  /** How many handles are open. */
  long total() {
    long total = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      total += get(bucket);
    }
    return total;
  }

  /** A copy on the heap. */
  OpenCounts copy() {
    OpenCounts copy = onHeap();
    copy.copyFrom(this);
    return copy;
  }

  void copyFrom(OpenCounts other) {
    memory.copyFrom(other.memory);
  }

  private static long at(int bucket) {
    return (long) bucket * 2 * Long.BYTES;
  }
}
