package io.strata.fsck.space;

import io.strata.replay.format.LogPosition;
import io.strata.store.Nonce;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which bytes of segments the log holds: they can be read, and recovery will store them, even if
 * the segment's object never was.
 */
public final class InlineBytes {
  /** Per segment: where runs begin, and where they end; they neither touch nor overlap. */
  private final Map<Nonce, NavigableMap<Long, Long>> runs = new HashMap<>();

  /** Where in the logs the runs of a segment are, in order. */
  private final Map<Nonce, List<LogPosition>> places = new HashMap<>();

  /** Notes that a log entry holds these logical bytes of a segment. */
  public void add(LogPosition place, Nonce nonce, long from, long end) {
    if (from >= end) {
      return;
    }
    List<LogPosition> known = places.computeIfAbsent(nonce, key -> new ArrayList<>());
    if (known.isEmpty() || !known.getLast().equals(place)) {
      known.add(place);
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

  /** Segments of which the log holds bytes. */
  public Set<Nonce> nonces() {
    return Collections.unmodifiableSet(runs.keySet());
  }

  /** Log entries that hold bytes of a segment, in order. */
  public List<LogPosition> places(Nonce nonce) {
    return places.getOrDefault(nonce, List.of());
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
