package io.strata.fsck.space;

import io.strata.fs.schema.Extent;
import io.strata.store.Nonce;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which logical bytes of which segments cannot be read. */
final class LostBytes {
  private final InlineBytes inline;
  private final Map<Nonce, NavigableMap<Long, Long>> ranges = new HashMap<>();

  /**
   * @param inline bytes that the log holds, and that are therefore never lost
   */
  LostBytes(InlineBytes inline) {
    this.inline = inline;
  }

  /** Notes that these logical bytes of a segment are lost; ranges of a segment do not overlap. */
  void add(Nonce nonce, long from, long end) {
    ranges.computeIfAbsent(nonce, key -> new TreeMap<>()).put(from, end);
  }

  /** Whether anything of a segment is lost. */
  boolean anyOf(Nonce nonce) {
    return ranges.containsKey(nonce);
  }

  boolean none() {
    return ranges.isEmpty();
  }

  /** What of these logical bytes of a segment is lost: beginnings and ends, in order. */
  NavigableMap<Long, Long> within(Nonce nonce, long from, long end) {
    NavigableMap<Long, Long> lost = ranges.get(nonce);
    if (lost == null) {
      return new TreeMap<>();
    }
    Map.Entry<Long, Long> first = lost.floorEntry(from);
    long start = first != null && first.getValue() > from ? first.getKey() : from;
    return lost.subMap(start, true, end, false);
  }

  /**
   * The lost part of a file.
   *
   * @param offset where in the file it begins
   * @param end where in the file it ends
   * @param bytes how much between them is lost
   */
  record Part(long offset, long end, long bytes) {
    static final Part NONE = new Part(0, 0, 0);

    Part and(Part later) {
      if (bytes == 0) {
        return later;
      }
      return later.bytes == 0 ? this : new Part(offset, later.end, bytes + later.bytes);
    }
  }

  /** What of an extent is lost. */
  Part of(Extent extent) {
    long from = extent.logicalOffset();
    long end = from + extent.length();
    if (inline.holds(extent.nonce(), from, end)) {
      return Part.NONE;
    }
    Part part = Part.NONE;
    for (Map.Entry<Long, Long> range : within(extent.nonce(), from, end).entrySet()) {
      long start = Math.max(from, range.getKey());
      long stop = Math.min(end, range.getValue());
      if (start < stop) {
        long shift = extent.fileOffset() - from;
        part = part.and(new Part(start + shift, stop + shift, stop - start));
      }
    }
    return part;
  }
}
