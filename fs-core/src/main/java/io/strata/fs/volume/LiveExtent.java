package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.fs.Metadata;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Nonce;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An extent of a file that refers to a segment which is to be emptied.
 *
 * @param ino the file
 * @param extent as it was when it was found
 */
record LiveExtent(Ino ino, Extent extent) {
  /** The order in which files have them. */
  static final Comparator<LiveExtent> BY_FILE =
      Comparator.comparingLong((LiveExtent one) -> one.ino().value())
          .thenComparingLong(one -> one.extent().fileOffset());

  /**
   * The extents that still refer to a segment where one of its runs was written. A run that was
   * written elsewhere than its summary says (an append that lost a race), or that other files
   * share, is not found here.
   */
  static List<LiveExtent> find(Metadata metadata, Nonce nonce, SummaryRun run) throws PageMissing {
    Ino ino = new Ino(run.ino());
    List<LiveExtent> found = new ArrayList<>();
    Entry before = metadata.floor(TreeKeys.extent(ino, run.fileOffset()));
    if (before != null) {
      of(before)
          .filter(one -> one.ino.equals(ino) && one.extent.end() > run.fileOffset())
          .filter(one -> one.extent.nonce().equals(nonce))
          .ifPresent(found::add);
    }
    metadata.scan(
        TreeKeys.extent(ino, run.fileOffset() + 1),
        TreeKeys.extent(ino, run.fileOffset() + run.length()),
        (key, value) -> {
          of(new Entry(key, value))
              .filter(one -> one.extent.nonce().equals(nonce))
              .ifPresent(found::add);
          return true;
        });
    return found;
  }

  /**
   * The extent in an entry of the tree; empty for any other entry, and for one that is damaged:
   * nobody can read the file there, and what the entry means is not for compaction to decide.
   */
  static Optional<LiveExtent> of(Entry entry) {
    try {
      return Mutation.ofEntry(entry.key(), entry.value())
              instanceof Mutation.ExtentPut(Ino ino, Extent extent)
          ? Optional.of(new LiveExtent(ino, extent))
          : Optional.empty();
    } catch (MalformedRecord damaged) {
      return Optional.empty();
    }
  }
}
