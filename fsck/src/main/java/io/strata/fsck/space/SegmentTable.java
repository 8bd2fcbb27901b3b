package io.strata.fsck.space;

import io.strata.store.Nonce;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of every segment that something refers to. Confined to the thread of a check. */
final class SegmentTable {
  private final Map<Nonce, SegmentFacts> segments = new HashMap<>();

  /** The facts of a segment, which are made if need be. */
  SegmentFacts of(Nonce nonce) {
    return segments.computeIfAbsent(nonce, key -> new SegmentFacts());
  }

  /** The facts of a segment; null if nothing refers to it. */
  @Nullable SegmentFacts find(Nonce nonce) {
    return segments.get(nonce);
  }

  /** How many there are. */
  int size() {
    return segments.size();
  }

  /** All segments, by their nonces in order. */
  Iterable<Nonce> nonces() {
    return segments.keySet().stream().sorted().toList();
  }
}
