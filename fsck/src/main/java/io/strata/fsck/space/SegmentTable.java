package io.strata.fsck.space;

import io.strata.fsck.bucket.Nonces;
import io.strata.fsck.scratch.KeyTable;
import io.strata.fsck.scratch.Scratch;
import io.strata.store.Nonce;
import org.jspecify.annotations.Nullable;

/** What is known of every segment that something refers to. Confined to the thread of a check. */
final class SegmentTable {
  private final KeyTable rows;

  SegmentTable(Scratch scratch) {
    this.rows = new KeyTable(scratch, SegmentFacts.ROW_BYTES);
  }

  /** The facts of a segment, which are made if need be. */
  SegmentFacts of(Nonce nonce) {
    return new SegmentFacts(rows, rows.add(nonce.value()));
  }

  /** The facts of a segment; null if nothing refers to it. */
  @Nullable SegmentFacts find(Nonce nonce) {
    long slot = rows.find(nonce.value());
    return slot < 0 ? null : new SegmentFacts(rows, slot);
  }

  /** How many there are. */
  long size() {
    return rows.size();
  }

  /** All segments, by their nonces in order. */
  Iterable<Nonce> nonces() {
    return () -> new Nonces(rows.sortedKeys());
  }
}
