package io.strata.fsck;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.fsck.finding.TreeFinding;
import io.strata.fsck.history.LogGaps;
import io.strata.fsck.history.LogReplay;
import io.strata.fsck.history.OldLogs;
import io.strata.fsck.names.NameCheck;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.DeadCheck;
import io.strata.fsck.space.ExtentRepair;
import io.strata.fsck.space.Footers;
import io.strata.fsck.space.Leftovers;
import io.strata.fsck.space.PackCheck;
import io.strata.fsck.space.RecordRepair;
import io.strata.fsck.space.ScrubState;
import io.strata.fsck.space.SegmentCheck;
import io.strata.fsck.space.SpaceCheck;
import io.strata.fsck.tree.Gaps;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.KeyText;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.Pages;
import io.strata.fsck.tree.TreeWalk;
import io.strata.fsck.tree.VolumeView;
import io.strata.platform.Platform;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.Map;
import java.util.Set;

/**
 * Checks what one head leads to. The head's counters hold for the tree alone; what the tree keeps
 * of itself, live bytes and packs, for the tree with what the head carries; names, extents and
 * segments are checked as they are after the log, since that is what the volume is.
 *
 * <p>Confined to a thread; used once.
 */
final class VolumeCheck {
  private final Bucket bucket;
  private final VolumeId volume;
  private final Footers footers;
  private final Inventory inventory;
  private final StoredHead stored;
  private final Findings findings;
  private final FsckOptions options;
  private final Platform platform;
  private final Scratch scratch;
  private final Gaps gaps = new Gaps();
  private final LogReplay replay;
  private final NameCheck names;
  private final SpaceCheck space;
  private final PackCheck packs;
  private final DeadCheck dead;
  private final SegmentCheck segments;
  private final VolumeView view;
  private final TreeSums sums = new TreeSums();
  private final boolean everyLog;
  private final Scope scope;
  private final ScrubState scrub;

  private long segmentsChecked;
  private long segmentBytes;

  /**
   * What a repair adds to what a head leads to.
   *
   * @param substitute knows what damaged pages held
   * @param everyLog whether there is no tree, and all logs are replayed that there are
   */
  record Patch(TreeWalk.Substitute substitute, boolean everyLog) {
    /** Nothing. */
    static final Patch NONE = new Patch(TreeWalk.Substitute.NONE, false);
  }

  /** What of a volume is checked. */
  enum Scope {
    /** All of it: the newest head, the logs behind it, and what else there is. */
    VOLUME,
    /** A state that is kept: what its head leads to, as it was when the head was written. */
    STATE
  }

  VolumeCheck(
      Bucket bucket,
      VolumeId volume,
      Inventory inventory,
      StoredHead stored,
      Findings findings,
      FsckOptions options,
      Platform platform,
      Scratch scratch,
      Scope scope,
      Patch patch) {
    this.scope = scope;
    this.scratch = scratch;
    this.bucket = bucket;
    this.volume = volume;
    this.footers = new Footers(bucket, volume);
    this.inventory = inventory;
    this.stored = stored;
    this.findings = findings;
    this.options = options;
    this.platform = platform;
    this.scrub =
        ScrubState.load(
            options.data() ? options.scrub().stateOf(volume.toString()) : null,
            volume,
            platform.clock());
    Head head = stored.head();
    this.replay = new LogReplay(bucket, volume, inventory, footers, findings, scratch);
    this.names = new NameCheck(findings, gaps, head.epoch(), scratch);
    this.space = new SpaceCheck(inventory, footers, replay.inline(), head, findings, scratch);
    this.packs = new PackCheck(bucket, volume, inventory, findings, scratch);
    this.dead = new DeadCheck(inventory, head, findings, scratch);
    this.segments =
        new SegmentCheck(
            bucket,
            volume,
            inventory,
            footers,
            replay.inline(),
            space,
            replay::needs,
            scrub,
            options.scrub().bytesPerSecond(),
            platform.clock(),
            findings);
    this.everyLog = patch.everyLog();
    this.view =
        new VolumeView(
            new Pages(bucket, platform),
            head.root(),
            carried(head),
            replay.changes(),
            patch.substitute(),
            patch.everyLog());
  }

  void check() throws StoreException, InterruptedException {
    Head head = stored.head();
    options.progress().at(Step.LOG, 0, 0);
    if (everyLog) {
      replay.replayAll(platform);
    } else if (scope == Scope.VOLUME) {
      replay.replay(stored, platform);
      LogGaps.check(head, inventory, findings);
    }
    options.progress().at(Step.LOG, replay.entries(), replay.entries());

    view.walk(new PageWatcher(head.counters().pages()), sums::take, this::then, this::now);
    names.end();
    space.end(gaps);
    sums(head.counters());

    options.progress().at(Step.PACKS, 0, inventory.packs().size());
    packs.end(platform, gaps, head.counters());
    if (scope == Scope.VOLUME) {
      dead.end(space, packs);
      new Leftovers(bucket, inventory, head.epoch(), replay.inline(), findings)
          .find(space, packs, dead, gaps);
    }

    boolean done = false;
    try {
      segments.check(platform, view, options.data(), this::segmentChecked);
      if (options.data() && scope == Scope.VOLUME) {
        olderData();
        scrub.finished();
      }
      done = true;
    } finally {
      if (!done) {
        scrub.interrupted();
      }
    }
  }

  private void segmentChecked(long objectBytes) {
    segmentsChecked++;
    segmentBytes += objectBytes;
    if (options.data()) {
      options.progress().at(Step.DATA, segmentBytes, inventory.segmentBytes());
    } else {
      options.progress().at(Step.SEGMENTS, segmentsChecked, space.segments());
    }
  }

  /** Reads what only older checkpoints need. */
  private void olderData() throws StoreException, InterruptedException {
    segments.checkDead(platform, dead);
    new OldLogs(bucket, volume, findings)
        .verify(platform, inventory, stored.head().epoch(), replay::hasRead);
  }

  /** The changes that a head carries; none, and a finding, if they cannot be read. */
  private Overlay carried(Head head) {
    Overlay carried = new Overlay(scratch);
    try {
      carried.apply(MutationCodec.decode(head.carry()));
    } catch (MalformedRecord e) {
      malformed("the carry of object " + ObjectNames.head(head.number()), e);
      gaps.add(KeyRange.ALL);
    }
    return carried;
  }

  private void then(byte[] key, byte[] value) {
    try {
      Mutation.Put entry = Mutation.ofEntry(key, value);
      space.takeThen(entry);
      packs.takeThen(entry);
    } catch (MalformedRecord told) {
      gaps.add(KeyRange.only(key)); // it comes by once more, unless the log has replaced it
    }
  }

  private void now(byte[] key, byte[] value) throws StoreException {
    Mutation.Put entry;
    try {
      entry = Mutation.ofEntry(key, value);
    } catch (MalformedRecord e) {
      malformed("the tree, at " + KeyText.of(key), e);
      gaps.add(KeyRange.only(key));
      return;
    }
    names.take(entry);
    space.takeNow(entry);
    dead.takeNow(entry);
  }

  private void malformed(String source, MalformedRecord e) {
    findings.add(new TreeFinding.RecordMalformed(source, String.valueOf(e.getMessage())));
  }

  private void sums(TreeCounters counters) {
    if (gaps.none()) {
      require("inodes", counters.inodes(), sums.inodes());
      require("bytes of files", counters.usedBytes(), sums.bytes());
    }
  }

  private void require(String counter, long recorded, long found) {
    if (recorded != found) {
      ObjectKey head = ObjectNames.head(stored.head().number());
      findings.add(new TreeFinding.WrongCount(head, counter + " in " + head, recorded, found));
    }
  }

  /** Notes pages, and what of the tree cannot be read. */
  private final class PageWatcher implements TreeWalk.Watcher {
    private final long total;

    PageWatcher(long total) {
      this.total = total;
    }

    @Override
    public void page(PageAddress address, int level) {
      packs.page(address);
      options.progress().at(Step.TREE, packs.pages(), total);
    }

    @Override
    public void damaged(PageAddress address, String damage, KeyRange holds) {
      byte[] to = holds.to();
      findings.add(
          new TreeFinding.PageDamaged(
              ObjectNames.pack(new Nonce(address.pack())),
              address.toString(),
              damage,
              KeyText.of(holds.from()),
              to == null ? null : KeyText.of(to)));
    }

    @Override
    public void gap(KeyRange lost) {
      gaps.add(lost);
    }

    @Override
    public void misplaced(PageAddress address, String problem) {
      findings.add(
          new TreeFinding.PageMisplaced(
              ObjectNames.pack(new Nonce(address.pack())), address.toString(), problem));
    }
  }

  LogReplay replay() {
    return replay;
  }

  /** What mends extents, once everything was checked. */
  ExtentRepair extents(Overlay fixes, TouchedFiles touched, Map<Nonce, Nonce> moved) {
    return segments.extents(fixes, touched, moved);
  }

  /** Segments that are stored and damaged, of which the log holds bytes. */
  Set<Nonce> damagedInLog() {
    return segments.damagedInLog();
  }

  /** What mends the volume's own records, once everything was checked. */
  RecordRepair records(Overlay fixes) {
    return space.records(packs, dead, fixes);
  }

  NameCheck names() {
    return names;
  }

  VolumeView view() {
    return view;
  }

  FsckReport.Counts counts() {
    return new FsckReport.Counts(
        inventory.objects(),
        inventory.bytes(),
        inventory.heads().size(),
        replay.entries(),
        packs.pages(),
        names.inodes(),
        names.directories(),
        names.bytes(),
        segmentsChecked,
        bucket.requests(),
        bucket.bytesRead());
  }
}
