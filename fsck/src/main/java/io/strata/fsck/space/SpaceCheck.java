package io.strata.fsck.space;

import io.strata.checkpoint.format.Head;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.SpaceFinding;
import io.strata.fsck.finding.TreeFinding;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.tree.Gaps;
import io.strata.fsck.tree.Overlay;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import java.util.zip.CRC32C;

/**
 * Checks extents against segments and adds up what is live, fed with a volume's entries in the
 * order of the tree: records of segments come before extents.
 *
 * <p>An extent may refer to a segment that has a record; to one that has none yet but is stored, as
 * its footer says; or to bytes that the log holds.
 */
public final class SpaceCheck {
  private final Inventory inventory;
  private final Footers footers;
  private final InlineBytes inline;
  private final Head head;
  private final Findings findings;
  private final SegmentTable table;

  /**
   * @param inline what the log holds of segments
   * @param head the head that is being checked
   */
  public SpaceCheck(
      Inventory inventory,
      Footers footers,
      InlineBytes inline,
      Head head,
      Findings findings,
      Scratch scratch) {
    this.table = new SegmentTable(scratch);
    this.inventory = inventory;
    this.footers = footers;
    this.inline = inline;
    this.head = head;
    this.findings = findings;
  }

  SegmentTable table() {
    return table;
  }

  /** How many segments anything refers to. */
  public long segments() {
    return table.size();
  }

  /** Takes an entry as of the head. */
  public void takeThen(Mutation.Put entry) {
    switch (entry) {
      case Mutation.SegmentPut put -> {
        table.of(put.nonce()).setRecordedThen();
        requireIssued(put.nonce(), ObjectNames.segment(put.nonce()));
      }
      case Mutation.SegmentLivePut put -> table.of(put.nonce()).setRecordedLive(put.liveBytes());
      case Mutation.ExtentPut put ->
          table.of(put.extent().nonce()).addLiveThen(put.extent().length());
      case Mutation.PackPut put -> requireIssued(put.nonce(), ObjectNames.pack(put.nonce()));
      case Mutation.InodePut put -> {}
      case Mutation.XattrPut put -> {}
      case Mutation.DentryPut put -> {}
      case Mutation.OrphanPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  /** Takes an entry as of now. */
  public void takeNow(Mutation.Put entry) throws StoreException {
    switch (entry) {
      case Mutation.SegmentPut put -> segment(put.nonce(), put.segment());
      case Mutation.ExtentPut put -> extent(put.ino().value(), put.extent());
      case Mutation.SegmentLivePut put -> {}
      case Mutation.InodePut put -> {}
      case Mutation.XattrPut put -> {}
      case Mutation.DentryPut put -> {}
      case Mutation.OrphanPut put -> {}
      case Mutation.PackPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  /**
   * What mends the volume's own records.
   *
   * @param fixes takes the changes
   */
  public RecordRepair records(PackCheck packs, DeadCheck dead, Overlay fixes) {
    return new RecordRepair(table, packs, dead, inventory, footers, fixes);
  }

  /** What the head knows of must have had its name before the head was written. */
  private void requireIssued(Nonce nonce, ObjectKey key) {
    long counter = nonce.value() & 0xffff_ffffL;
    if (nonce.epoch().equals(head.epoch()) && counter >= head.nextNonce()) {
      findings.add(
          new TreeFinding.WrongCount(
              ObjectNames.head(head.number()),
              "next free nonce of head %d, which knows of %s".formatted(head.number(), key),
              head.nextNonce(),
              counter + 1));
    }
  }

  private void segment(Nonce nonce, SegmentRecord record) {
    SegmentFacts facts = table.of(nonce);
    byte[] encoded = record.index().toBytes();
    try {
      SegmentIndex index = SegmentIndex.decode(encoded);
      if (!index.nonce().equals(nonce)) {
        throw new IllegalArgumentException("it is that of segment " + index.nonce());
      }
      facts.setRecorded(index.logicalLength(), index.objectLength(), crc(encoded));
    } catch (IllegalArgumentException e) {
      findings.add(
          new TreeFinding.RecordMalformed(
              "the tree's record of segment " + nonce, String.valueOf(e.getMessage())));
    }
  }

  static int crc(byte[] encoded) {
    CRC32C crc = new CRC32C();
    crc.update(encoded);
    return (int) crc.getValue();
  }

  private void extent(long ino, Extent extent) throws StoreException {
    Nonce nonce = extent.nonce();
    SegmentFacts facts = table.of(nonce);
    facts.addLiveNow(extent.length());
    long from = extent.logicalOffset();
    long end = from + extent.length();
    if (inline.holds(nonce, from, end)) {
      return;
    }
    facts.setObjectNeeded();
    if (facts.logicalLength() < 0 && !facts.lost() && inventory.segments().has(nonce.value())) {
      askObject(nonce, facts);
    }
    if (facts.logicalLength() >= 0 && end > facts.logicalLength()) {
      long has = facts.logicalLength();
      findings.add(
          ino,
          file ->
              new SpaceFinding.OutsideSegment(
                  file, nonce, extent.fileOffset(), extent.length(), end, has));
    }
  }

  /** Finds out how long a stored segment is of which there is no record. */
  private void askObject(Nonce nonce, SegmentFacts facts) throws StoreException {
    ObjectKey key = ObjectNames.segment(nonce);
    try {
      facts.setLogicalLength(footers.read(nonce).index().logicalLength());
      return;
    } catch (StoreException.Missing e) {
      findings.add(new ObjectFinding.Missing(key, "an extent"));
    } catch (StoreException.Corrupt e) {
      findings.add(ObjectFinding.Damaged.of(key, e));
    } catch (StoreException.TooNew e) {
      findings.add(new ObjectFinding.TooNew(key, String.valueOf(e.getMessage())));
    }
    facts.setLost();
  }

  /**
   * Checks live bytes when all entries have been taken.
   *
   * @param gaps what could not be read: with any, sums prove nothing
   */
  public void end(Gaps gaps) {
    if (!gaps.none()) {
      return;
    }
    for (Nonce nonce : table.nonces()) {
      SegmentFacts facts = table.of(nonce);
      Long recorded = facts.recordedLive();
      if ((recorded == null ? 0 : recorded) != facts.liveThen()) {
        findings.add(new SpaceFinding.WrongLiveBytes(nonce, recorded, facts.liveThen()));
      }
    }
  }
}
