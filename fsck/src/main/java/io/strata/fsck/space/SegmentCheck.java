package io.strata.fsck.space;

import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.SpaceFinding;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.VolumeView;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Ahead;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every segment that something refers to against its object: that it is there, as long as
 * recorded, with the footer that is recorded, and, if asked, with every block as it was written. A
 * segment about which there is a doubt is always read whole, so that the files that lost bytes can
 * be named.
 */
public final class SegmentCheck {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentCheck.class);

  /** What is wrong if nothing but the frame is. */
  static final String FRAME_DAMAGED = "the frame's checksum; every block is as it was written";

  private static final int AHEAD = 8;

  /** With data, each of these holds a chunk. */
  private static final int DATA_AHEAD = 3;

  private final Inventory inventory;
  private final Footers footers;
  private final InlineBytes inline;
  private final Predicate<Nonce> neededByLog;
  private final SegmentTable table;
  private final Findings findings;
  private final Bucket bucket;
  private final VolumeId volume;
  private final Scrub scrub;
  private final ScrubState state;
  private final LostBytes lost;
  private final List<Told> told = new ArrayList<>();

  /**
   * @param neededByLog whether who replays the log reads a segment's footer
   * @param state how far an earlier scrub has come
   * @param bytesPerSecond at most so much data is read; 0 for no limit
   */
  public SegmentCheck(
      Bucket bucket,
      VolumeId volume,
      Inventory inventory,
      Footers footers,
      InlineBytes inline,
      SpaceCheck space,
      Predicate<Nonce> neededByLog,
      ScrubState state,
      long bytesPerSecond,
      Clock clock,
      Findings findings) {
    this.neededByLog = neededByLog;
    this.inventory = inventory;
    this.footers = footers;
    this.inline = inline;
    this.table = space.table();
    this.findings = findings;
    this.bucket = bucket;
    this.volume = volume;
    this.scrub = new Scrub(bucket, new Throttle(clock, bytesPerSecond));
    this.state = state;
    this.lost = new LostBytes(inline);
  }

  /** A segment that is stored, and what the tree says of it. */
  private record Subject(Nonce nonce, SegmentFacts facts, boolean data) {}

  /**
   * What a look at an object came to.
   *
   * @param findings what is wrong with it as a whole
   * @param doubtful whether it must be read with the index that the tree has
   * @param footer what its footer says, if that can be read
   * @param scrubbed what reading it whole came to, if that was done
   */
  private record Look(
      List<Finding> findings,
      boolean doubtful,
      @Nullable SegmentIndex footer,
      Scrub.@Nullable Outcome scrubbed) {}

  /**
   * Checks all segments, then names the files that lost bytes.
   *
   * @param data whether to read every block
   * @param checked is told of every segment that was checked, and how long its object is
   */
  public void check(Platform platform, VolumeView view, boolean data, LongConsumer checked)
      throws StoreException, InterruptedException {
    Ahead.each(
        platform,
        new Stored(data),
        data ? DATA_AHEAD : AHEAD,
        this::look,
        (subject, look) -> {
          // Who opens the volume reads the footers that its log names, and refuses one that is
          // damaged; a record of the tree that the footer contradicts misleads every reader.
          boolean needed = look.footer() != null || neededByLog.test(subject.nonce());
          look.findings().forEach(finding -> tell(subject.nonce(), finding, needed));
          boolean whole = judge(subject, look, view);
          if (data) {
            state.read(subject.nonce(), whole && look.findings().isEmpty());
          }
          checked.accept(inventory.segments().get(subject.nonce().value(), 0));
        });
    Set<Nonce> harmful = lost.none() ? Set.of() : new LostFiles(lost, findings).find(view);
    for (Told each : told) {
      Finding finding = each.finding();
      ObjectKey key = ObjectNames.segment(each.nonce());
      boolean spare = !harmful.contains(each.nonce()) && !each.needed();
      findings.add(spare ? new ObjectFinding.Spare(key, finding.what()) : finding);
    }
  }

  /** A finding about a segment; how bad it is shows when it is known which files lost bytes. */
  private record Told(Nonce nonce, Finding finding, boolean needed) {}

  private void tell(Nonce nonce, Finding finding, boolean needed) {
    told.add(new Told(nonce, finding, needed));
  }

  /** Goes through the segments that are stored, telling of those that should be. */
  private final class Stored implements Iterator<Subject> {
    private final Iterator<Nonce> nonces = table.nonces().iterator();
    private final boolean data;
    private @Nullable Subject next;

    Stored(boolean data) {
      this.data = data;
    }

    @Override
    public boolean hasNext() {
      while (next == null && nonces.hasNext()) {
        next = stored(nonces.next());
      }
      return next != null;
    }

    @Override
    public Subject next() {
      Subject subject = hasNext() ? next : null;
      if (subject == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return subject;
    }

    private @Nullable Subject stored(Nonce nonce) {
      SegmentFacts facts = table.of(nonce);
      if (facts.lost()) {
        lose(nonce);
      } else if (inventory.segments().has(nonce.value())) {
        return new Subject(nonce, facts, data && !state.verified(nonce));
      } else if (facts.objectNeeded() || (facts.recorded() && facts.recordedThen())) {
        missing(nonce, facts);
      }
      return null;
    }
  }

  /**
   * What mends the extents, when all segments were checked.
   *
   * @param fixes takes the changes
   * @param moved where the bytes are that the log holds of damaged segments
   */
  public ExtentRepair extents(Overlay fixes, TouchedFiles touched, Map<Nonce, Nonce> moved) {
    return new ExtentRepair(table, lost, inline, moved, fixes, touched);
  }

  /** Segments that are stored and damaged, of which the log holds bytes. */
  public Set<Nonce> damagedInLog() {
    Set<Nonce> damaged = new TreeSet<>();
    for (Nonce nonce : inline.nonces()) {
      if (inventory.segments().has(nonce.value()) && lost.anyOf(nonce)) {
        damaged.add(nonce);
      }
    }
    return damaged;
  }

  private void missing(Nonce nonce, SegmentFacts facts) {
    String neededBy =
        facts.recorded()
            ? "the tree's record of it"
            : "%d bytes of files".formatted(facts.liveNow());
    findings.add(new ObjectFinding.Missing(ObjectNames.segment(nonce), neededBy));
    lose(nonce);
  }

  private void lose(Nonce nonce) {
    lost.add(nonce, 0, SegmentFormat.LOGICAL_BYTES_MAX);
  }

  private Look look(Subject subject) throws StoreException {
    Nonce nonce = subject.nonce();
    SegmentFacts facts = subject.facts();
    ObjectKey key = ObjectNames.segment(nonce);
    long length = inventory.segments().get(nonce.value(), 0);
    List<Finding> wrong = new ArrayList<>();
    try {
      SegmentIndex index = footers.read(nonce).index();
      if (facts.recorded() && !mayDiffer(nonce, facts)) {
        if (length != facts.objectLength()) {
          wrong.add(new ObjectFinding.WrongLength(key, facts.objectLength(), length));
        } else if (SpaceCheck.crc(index.encode()) != facts.indexCrc()) {
          wrong.add(new SpaceFinding.RecordDiffers(nonce, "its block index is another one"));
        }
      } else if (length != index.objectLength()) {
        wrong.add(new ObjectFinding.WrongLength(key, index.objectLength(), length));
      }
      boolean scrubNow = subject.data() && wrong.isEmpty();
      return new Look(wrong, !wrong.isEmpty(), index, scrubNow ? scrub.verify(index) : null);
    } catch (StoreException.Corrupt e) {
      wrong.add(ObjectFinding.Damaged.of(key, e));
    } catch (StoreException.TooNew e) {
      wrong.add(new ObjectFinding.TooNew(key, String.valueOf(e.getMessage())));
    } catch (StoreException.Missing e) {
      wrong.add(new ObjectFinding.Missing(key, "the tree"));
    }
    return new Look(wrong, true, null, null);
  }

  /**
   * Whether what the log recorded of a segment may be other than what is stored: a new owner has
   * stored it anew from the bytes that the log held, in its own way.
   */
  private boolean mayDiffer(Nonce nonce, SegmentFacts facts) {
    return !facts.recordedThen() && inline.anyOf(nonce);
  }

  /** Tells what is wrong with the blocks of a segment; whether nothing is. */
  private boolean judge(Subject subject, Look look, VolumeView view)
      throws StoreException, InterruptedException {
    Nonce nonce = subject.nonce();
    Scrub.Outcome outcome = look.scrubbed();
    if (look.doubtful()) {
      SegmentIndex index = recordedIndex(nonce, view);
      try {
        outcome = index == null ? null : scrub.verify(index);
      } catch (StoreException.Missing e) {
        LOG.debug("{} is gone", nonce); // it was when it was looked at, and that is a finding
        outcome = null;
      }
      if (outcome == null || !outcome.blocks().isEmpty()) {
        Scrub.Outcome byFooter = verified(look.footer());
        outcome = byFooter != null && byFooter.whole() ? byFooter : outcome;
      }
      if (outcome == null) {
        lose(nonce);
      }
    }
    if (outcome != null) {
      badBlocks(nonce, outcome.blocks());
      if (outcome.blocks().isEmpty() && !outcome.whole() && look.findings().isEmpty()) {
        tell(nonce, new ObjectFinding.Damaged(ObjectNames.segment(nonce), FRAME_DAMAGED), false);
      }
    }
    return outcome == null || (outcome.whole() && outcome.blocks().isEmpty());
  }

  /** Reads dead segments and packs that are still there. */
  public void checkDead(Platform platform, DeadCheck dead)
      throws StoreException, InterruptedException {
    new DeadData(bucket, volume, footers, scrub, findings).verify(platform, dead);
  }

  private Scrub.@Nullable Outcome verified(@Nullable SegmentIndex footer) throws StoreException {
    try {
      return footer == null ? null : scrub.verify(footer);
    } catch (StoreException.Missing e) {
      return null; // gone since it was looked at, and that is a finding
    }
  }

  private void badBlocks(Nonce nonce, List<Scrub.BadBlock> blocks) {
    for (int i = 0; i < blocks.size(); ) {
      Scrub.BadBlock first = blocks.get(i);
      Scrub.BadBlock last = first;
      for (i++; i < blocks.size() && blocks.get(i).number() == last.number() + 1; i++) {
        last = blocks.get(i);
      }
      lost.add(nonce, first.from(), last.end());
      tell(
          nonce,
          new SpaceFinding.BlocksDamaged(nonce, first.number(), last.number(), first.damage()),
          false);
    }
  }

  /** The index that the tree has of a segment; null if it has none. */
  private static @Nullable SegmentIndex recordedIndex(Nonce nonce, VolumeView view)
      throws StoreException, InterruptedException {
    List<SegmentIndex> found = new ArrayList<>(1);
    view.scan(
        KeyRange.only(TreeKeys.segment(nonce)),
        (key, value) -> {
          try {
            if (Mutation.ofEntry(key, value) instanceof Mutation.SegmentPut put) {
              found.add(SegmentIndex.decode(put.segment().index().toBytes()));
            }
          } catch (MalformedRecord | IllegalArgumentException told) {
            LOG.debug("left out: {}", told.getMessage()); // it is a finding already
          }
        });
    return found.isEmpty() ? null : found.getFirst();
  }
}
