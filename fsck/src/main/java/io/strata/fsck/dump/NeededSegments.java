package io.strata.fsck.dump;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.bucket.Nonces;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.space.InlineBytes;
import io.strata.fsck.tree.EntryVisitor;
import io.strata.platform.Platform;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Ahead;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/**
 * The segments that a dump refers to: how much of each is live, and how far it must reach. 48 bytes
 * a segment. Confined to a thread.
 */
final class NeededSegments {
  private static final int AHEAD = 8;

  /** So many are named that are missing. */
  private static final int NAMED_MAX = 20;

  private final LongLongMap live;
  private final LongLongMap reach;
  private final LongLongMap forEver;

  NeededSegments(Scratch scratch) {
    live = new LongLongMap(scratch);
    reach = new LongLongMap(scratch);
    forEver = new LongLongMap(scratch);
  }

  /** Takes an extent. */
  void take(Extent extent) {
    long nonce = extent.nonce().value();
    live.put(nonce, live.get(nonce, 0) + extent.length());
    long end = extent.logicalOffset() + extent.length();
    reach.put(nonce, Math.max(reach.get(nonce, 0), end));
  }

  /** Takes what the dump knows of a segment. */
  void take(DumpLine.Segment segment) {
    if (segment.forEver()) {
      forEver.put(segment.nonce().value(), 1);
    }
  }

  /** Whether the dump refers to a segment. */
  boolean lives(long nonce) {
    return live.has(nonce);
  }

  /**
   * Refuses a bucket that lacks segments or has others.
   *
   * @param inline what only the log holds yet; it is stored before it is needed
   */
  void requireIn(
      Inventory inventory, InlineBytes inline, Footers footers, Platform platform, String location)
      throws IOException, InterruptedException {
    List<String> missing = new ArrayList<>();
    long count = 0;
    for (PrimitiveIterator.OfLong nonces = live.keys(); nonces.hasNext(); ) {
      Nonce nonce = new Nonce(nonces.nextLong());
      if (!inventory.segments().has(nonce.value()) && !inline.anyOf(nonce)) {
        count++;
        if (missing.size() < NAMED_MAX) {
          missing.add(ObjectNames.segment(nonce).value());
        }
      }
    }
    if (count > 0) {
      throw BadDump.of(
          "%s lacks %d of the %d segments that the files' bytes are in: %s%s; a dump holds no bytes"
              .formatted(
                  location,
                  count,
                  live.size(),
                  String.join(", ", missing),
                  count > missing.size() ? " and more" : ""));
    }
    each(
        nonce -> inventory.segments().has(nonce.value()),
        footers,
        platform,
        (nonce, index) -> {
          if (index.logicalLength() < reach.get(nonce.value(), 0)) {
            refuse(nonce, index);
          }
        });
  }

  private void refuse(Nonce nonce, SegmentIndex index) {
    throw new UncheckedIOException(
        BadDump.of(
            "segment %s holds %d bytes, and files have bytes up to %d in it: it was replaced"
                .formatted(nonce, index.logicalLength(), reach.get(nonce.value(), 0))));
  }

  /**
   * The records of all of them, in the order of the tree; all must be stored.
   *
   * @param births the number of the first head that knew a segment
   */
  void records(
      Inventory inventory,
      Footers footers,
      Platform platform,
      LongUnaryOperator births,
      EntryVisitor entries)
      throws StoreException, InterruptedException {
    for (PrimitiveIterator.OfLong nonces = forEver.keys(); nonces.hasNext(); ) {
      long nonce = nonces.nextLong();
      if (!live.has(nonce) && inventory.segments().has(nonce)) {
        live.put(nonce, 0);
      }
    }
    each(
        nonce -> true,
        footers,
        platform,
        (nonce, index) -> {
          long birth =
              forEver.has(nonce.value()) ? Load.FOR_EVER : births.applyAsLong(nonce.value());
          SegmentRecord record = new SegmentRecord(birth, ByteString.of(index.encode()));
          Mutation.SegmentPut put = new Mutation.SegmentPut(nonce, record);
          entries.entry(put.key(), put.value());
        });
    for (PrimitiveIterator.OfLong nonces = live.keys(); nonces.hasNext(); ) {
      long nonce = nonces.nextLong();
      Mutation.SegmentLivePut put =
          new Mutation.SegmentLivePut(new Nonce(nonce), live.get(nonce, 0));
      entries.entry(put.key(), put.value());
    }
  }

  /** Takes the index of a segment. */
  private interface Taker {
    void take(Nonce nonce, SegmentIndex index) throws StoreException, InterruptedException;
  }

  private void each(
      Predicate<Nonce> wanted, Footers footers, Platform platform, Taker taker)
      throws StoreException, InterruptedException {
    Ahead.each(
        platform,
        new Nonces(live.keys()),
        AHEAD,
        nonce ->
            wanted.test(nonce)
                ? Optional.of(footers.read(nonce).index())
                : Optional.<SegmentIndex>empty(),
        (nonce, index) -> {
          if (index.isPresent()) {
            taker.take(nonce, index.get());
          }
        });
  }
}
