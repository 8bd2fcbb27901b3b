package io.strata.fsck.space;

import io.strata.store.Nonce;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which bytes of segments the log holds: they can be read, and recovery will store them, even if
 * the segment's object never was.
 */
public final class InlineBytes {
  /** Per segment: where runs begin, and where they end; they neither touch nor overlap. */
  private final Map<Nonce, NavigableMap<Long, Long>> runs = new HashMap<>();

  /** Notes that the log holds these logical bytes of a segment. */
  public void add(Nonce nonce, long from, long end) {
    if (from >= end) {
      return;
    }
    NavigableMap<Long, Long> held = runs.computeIfAbsent(nonce, key -> new TreeMap<>());
    long start = from;
    long stop = end;
    Map.Entry<Long, Long> near = held.floorEntry(stop);
    while (near != null && near.getValue() >= start) {
      start = Math.min(start, near.getKey());
      stop = Math.max(stop, near.getValue());
      held.remove(near.getKey());
      near = held.floorEntry(stop);
    }
    held.put(start, stop);
  }

  /** Whether the log holds any bytes of a segment. */
  public boolean anyOf(Nonce nonce) {
    return runs.containsKey(nonce);
  }

  /** Whether the log holds all of these logical bytes of a segment. */
  public boolean holds(Nonce nonce, long from, long end) {
    NavigableMap<Long, Long> held = runs.get(nonce);
    Map.Entry<Long, Long> run = held == null ? null : held.floorEntry(from);
    return run != null && run.getValue() >= end;
  }
}
