package io.strata.fuse.fake;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A file's bytes in pages; pages that were never written are holes. */
final class SparseBytes {
  private static final int PAGE_BYTES = 4096;

  private final NavigableMap<Long, byte[]> pages = new TreeMap<>();
  private long size;

  long size() {
    return size;
  }

  long allocated() {
    return (long) pages.size() * PAGE_BYTES;
  }

  int read(long offset, MemorySegment target) {
    int length = (int) Math.clamp(size - offset, 0, target.byteSize());
    int done = 0;
    while (done < length) {
      int within = (int) ((offset + done) % PAGE_BYTES);
      int part = Math.min(PAGE_BYTES - within, length - done);
      byte[] page = pages.get((offset + done) / PAGE_BYTES);
      if (page == null) {
        target.asSlice(done, part).fill((byte) 0);
      } else {
        MemorySegment.copy(page, within, target, ValueLayout.JAVA_BYTE, done, part);
      }
      done += part;
    }
    return length;
  }

  void write(long offset, MemorySegment source) {
    int length = (int) source.byteSize();
    int done = 0;
    while (done < length) {
      int within = (int) ((offset + done) % PAGE_BYTES);
      int part = Math.min(PAGE_BYTES - within, length - done);
      byte[] page = pages.computeIfAbsent((offset + done) / PAGE_BYTES, _ -> new byte[PAGE_BYTES]);
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, done, page, within, part);
      done += part;
    }
    size = Math.max(size, offset + length);
  }

  void truncate(long newSize) {
    if (newSize < size) {
      clear(newSize, size - newSize);
    }
    size = newSize;
  }

  /** Makes bytes zero, and whole pages a hole. */
  void clear(long offset, long length) {
    long end = offset + length;
    NavigableMap<Long, byte[]> touched =
        pages.subMap(offset / PAGE_BYTES, true, (end + PAGE_BYTES - 1) / PAGE_BYTES, false);
    for (Map.Entry<Long, byte[]> entry : Map.copyOf(touched).entrySet()) {
      long pageStart = entry.getKey() * PAGE_BYTES;
      int from = (int) Math.max(0, offset - pageStart);
      int to = (int) Math.min(PAGE_BYTES, end - pageStart);
      if (from == 0 && to == PAGE_BYTES) {
        pages.remove(entry.getKey());
      } else {
        java.util.Arrays.fill(entry.getValue(), from, to, (byte) 0);
      }
    }
  }

  void extend(long newSize) {
    size = Math.max(size, newSize);
  }

  /** Where data begins from {@code offset} on; -1 if there is none. */
  long data(long offset) {
    Long page = pages.ceilingKey(offset / PAGE_BYTES);
    long at = page == null ? Long.MAX_VALUE : Math.max(offset, page * PAGE_BYTES);
    return at < size ? at : -1;
  }

  /** Where a hole begins from {@code offset} on, at the latest at the end. */
  long hole(long offset) {
    long page = offset / PAGE_BYTES;
    while (page * PAGE_BYTES < size && pages.containsKey(page)) {
      page++;
    }
    return Math.min(size, Math.max(offset, page * PAGE_BYTES));
  }
}
