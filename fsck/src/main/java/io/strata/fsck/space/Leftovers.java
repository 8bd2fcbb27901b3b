package io.strata.fsck.space;

import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.TreeFinding;
import io.strata.fsck.tree.Gaps;
import io.strata.segment.format.SegmentFooter;
import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.util.PrimitiveIterator;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * Looks through the bucket for what nothing refers to. Of past epochs that is what crashes left; of
 * the newest it may be under way; of a later one it means that heads are missing.
 */
public final class Leftovers {
  private final Bucket bucket;
  private final Inventory inventory;
  private final Epoch newest;
  private final InlineBytes inline;
  private final Findings findings;

  /**
   * @param newest the newest head's epoch
   */
  public Leftovers(
      Bucket bucket,
      Inventory inventory,
      Epoch newest,
      InlineBytes inline,
      Findings findings) {
    this.bucket = bucket;
    this.inventory = inventory;
    this.newest = newest;
    this.inline = inline;
    this.findings = findings;
  }

  /** Reports them. */
  public void find(SpaceCheck space, PackCheck packs, DeadCheck dead, Gaps gaps) {
    inventory.foreign().forEach(key -> findings.add(new ObjectFinding.Foreign(key)));
    for (Epoch epoch : inventory.logs().tailMap(newest, false).keySet()) {
      long first = inventory.log(epoch).toArray()[0];
      findings.add(new HistoryFinding.FromTheFuture(ObjectNames.log(epoch, first), epoch, newest));
    }
    if (gaps.none()) {
      look(
          inventory.segments(),
          ObjectNames::segment,
          nonce ->
              space.table().find(new Nonce(nonce)) != null
                  || inline.anyOf(new Nonce(nonce))
                  || dead.isDeadSegment(nonce)
                  || isTombstone(nonce));
      look(
          inventory.packs(),
          ObjectNames::pack,
          nonce -> packs.isKnown(new Nonce(nonce)) || dead.isDeadPack(nonce));
    } else {
      findings.add(
          new TreeFinding.NotChecked(
              "sums and what nothing refers to", "parts of the tree cannot be read"));
    }
  }

  private void look(LongLongMap objects, Function<Nonce, ObjectKey> name, LongPredicate known) {
    for (PrimitiveIterator.OfLong values = objects.keys(); values.hasNext(); ) {
      long value = values.nextLong();
      Nonce nonce = new Nonce(value);
      int age = nonce.epoch().compareTo(newest);
      if (age > 0) {
        findings.add(new HistoryFinding.FromTheFuture(name.apply(nonce), nonce.epoch(), newest));
      } else if (age < 0 && !known.test(value) && !bucket.isElsewhere(nonce)) {
        findings.add(new ObjectFinding.Unreferenced(name.apply(nonce), objects.get(value, 0)));
      }
    }
  }

  /** Whether a segment is an empty one, which stands for a write that must not happen any more. */
  private boolean isTombstone(long nonce) {
    int header = Frame.headerLength(ObjectNames.segment(new Nonce(nonce)));
    return inventory.segments().get(nonce, 0)
        == header + SegmentFooter.length(0, 0) + Frame.TRAILER_BYTES;
  }
}
