package io.strata.fsck;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.Timestamp;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.NameFinding;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.Touched;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.fsck.history.HeadCheck;
import io.strata.fsck.history.Identity;
import io.strata.fsck.history.Kin;
import io.strata.fsck.names.NameRepair;
import io.strata.fsck.repair.Held;
import io.strata.fsck.repair.LostEntries;
import io.strata.fsck.repair.OlderTrees;
import io.strata.fsck.repair.Reign;
import io.strata.fsck.repair.SettledSegments;
import io.strata.fsck.repair.Summaries;
import io.strata.fsck.repair.TreeWriter;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.TreeWalk;
import io.strata.platform.Platform;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One repair: check; take the volume; check what is there now, with what older trees know of
 * damaged pages; work out what must change; write the whole tree anew; commit a head; check again.
 * Until that head is there nothing is changed, and it may be killed anywhere.
 *
 * <p>Confined to a thread.
 */
final class Repair {
  private static final String LOST_AND_FOUND = "lost+found";

  private final ObjectStore store;
  private final RepairOptions options;
  private final Platform platform;
  private final Bucket bucket;

  Repair(ObjectStore store, RepairOptions options, Platform platform) {
    this.store = store;
    this.options = options;
    this.platform = platform;
    this.bucket = new Bucket(store);
  }

  RepairReport run() throws IOException, InterruptedException {
    FsckReport before = check();
    if (before.clean()) {
      return RepairReport.nothing(before);
    }
    for (Finding finding : before.findings()) {
      if (finding instanceof ObjectFinding.TooNew newer) {
        return RepairReport.refused(
            before, newer.what() + ": repair it with the version that wrote it");
      }
    }
    try (Scratch scratch = options.check().scratch()) {
      return mend(before, scratch);
    }
  }

  private FsckReport check() throws StoreException, InterruptedException {
    return new Check(store, options.check(), platform).run();
  }

  private RepairReport mend(FsckReport before, Scratch scratch)
      throws IOException, InterruptedException {
    Inventory listed = Inventory.of(bucket, scratch);
    Findings told = new Findings(1);
    Optional<VolumeId> id = Identity.of(bucket, listed, told);
    if (id.isEmpty()) {
      return RepairReport.refused(
          before, "neither the descriptor nor any head tells which volume it is");
    }
    VolumeId volume = id.get();
    HeadCheck heads = new HeadCheck(bucket, volume, listed, told);
    StoredHead base = heads.check(platform).orElse(null);
    if (base == null && !options.rebuild()) {
      return RepairReport.refused(before, "no head can be read: use --rebuild");
    }
    if (base != null && !options.takeOver()) {
      Reign.requireFree(base.head(), store.location());
    }
    List<String> sources = new ArrayList<>();
    if (!descriptorFits(listed, volume, sources)) {
      return RepairReport.refused(
          before,
          "object volume is damaged, and no object is ever overwritten: keep a copy of it, remove"
              + " it, and repair again");
    }
    Reign reign = Reign.take(store, volume, base, heads, listed, inodeEpochMax(before), platform);
    return mend(before, reign, base, volume, sources, scratch);
  }

  /** The latest epoch that made an inode of which it is said that no epoch can have. */
  private static Epoch inodeEpochMax(FsckReport report) {
    int latest = 1;
    for (Finding finding : report.findings()) {
      if (finding instanceof NameFinding.WrongNumber wrong) {
        long epoch = wrong.file().ino() >>> 40;
        latest = epoch < Epoch.MAX ? Math.max(latest, (int) epoch) : latest;
      }
    }
    return new Epoch(latest);
  }

  /** Whether there is a descriptor that can be read; where there is none one is put. */
  private boolean descriptorFits(Inventory listed, VolumeId volume, List<String> sources)
      throws StoreException {
    if (listed.descriptor()) {
      try {
        return VolumeCodec.open(bucket.read(ObjectNames.VOLUME, ByteRange.ALL)).id().equals(volume);
      } catch (StoreException.Corrupt damaged) {
        return false;
      }
    }
    sources.add("object volume was put anew: label and capacity are lost");
    Neighbour origin = Kin.origin(bucket).orElse(null);
    return Reign.describe(store, volume, origin, platform);
  }

  private RepairReport mend(
      FsckReport before,
      Reign reign,
      @Nullable StoredHead base,
      VolumeId volume,
      List<String> sources,
      Scratch scratch)
      throws IOException, InterruptedException {
    Inventory inventory = Inventory.of(bucket, scratch);
    Kin.join(bucket, volume, inventory, reign.head().head(), new Findings(1));
    Timestamp now = Timestamp.of(platform.clock().now());
    Footers footers = new Footers(bucket, volume);
    TreeWalk.Substitute last =
        options.rebuild()
            ? new Summaries(inventory, footers, now, scratch, platform)
            : TreeWalk.Substitute.NONE;
    OlderTrees older =
        new OlderTrees(bucket, volume, inventory, reign.head().head(), scratch, platform, last);
    boolean allLost = options.rebuild() && (base == null || base.head().root() == null);
    VolumeCheck check =
        new VolumeCheck(
            bucket,
            volume,
            inventory,
            reign.head(),
            new Findings(1),
            options.check(),
            platform,
            scratch,
            VolumeCheck.Scope.VOLUME,
            new VolumeCheck.Patch(older, allLost));
    check.check();
    Map<Nonce, SegmentIndex> settled = settle(reign, check, volume, inventory);
    Map<Nonce, Nonce> moved = new HashMap<>();
    settled.putAll(
        SettledSegments.move(
            reign, store, bucket, volume, check.replay().inline(), check.damagedInLog(), moved));
    for (OlderTrees.Used used : older.used()) {
      sources.add(
          used.exact()
              ? "what damaged pages held comes from head %d and the log since"
                  .formatted(used.number())
              : "what damaged pages held is as it was at head %d; later changes of it are lost"
                  .formatted(used.number()));
    }
    TouchedFiles touched = new TouchedFiles(options.check().findingsMax());
    sources.addAll(new LostEntries(bucket, volume, touched).name(check.replay().cuts(), inventory));
    Overlay fixes = new Overlay(scratch);
    NameRepair.Place place =
        new NameRepair.Place(
            Ino.of(reign.epoch(), 1),
            LOST_AND_FOUND,
            LOST_AND_FOUND + "-" + reign.nextNumber(),
            now,
            touched);
    Mending mending =
        new Mending(
            check.names().repair(place, fixes, scratch),
            check.extents(fixes, touched, moved),
            check.records(fixes),
            fixes);
    TreeCounters counted = mending.run(check.view(), reign.nextNumber(), settled);
    NamedSnapshot undo = base == null ? null : NamedSnapshot.ofReplaced(base.head());
    long head = write(reign, check, fixes, counted, undo);

    Set<Long> wanted = touched.wanted();
    List<Touched> resolved = touched.resolved(check.names().paths(wanted, check.view()));
    return new RepairReport(
        before,
        check(),
        null,
        head,
        undo == null ? null : undo.name(),
        sources,
        touched.count(),
        resolved);
  }

  private Map<Nonce, SegmentIndex> settle(
      Reign reign, VolumeCheck check, VolumeId volume, Inventory inventory) throws IOException {
    Set<Nonce> decisive = check.replay().decisive();
    Map<Nonce, SegmentIndex> settled =
        SettledSegments.settle(
            reign, store, bucket, volume, inventory, check.replay().inline(), decisive);
    for (Nonce nonce : decisive) {
      SegmentIndex index = settled.get(nonce);
      if (index != null && index.summaryCount() > 0) {
        throw Held.meanwhile(store.location(), ObjectNames.segment(nonce));
      }
    }
    return settled;
  }

  private long write(
      Reign reign,
      VolumeCheck check,
      Overlay fixes,
      TreeCounters counted,
      @Nullable NamedSnapshot undo)
      throws IOException, InterruptedException {
    try (TreeWriter writer = new TreeWriter(reign)) {
      Overlay.Merge merge = fixes.onto(KeyRange.ALL, writer::add);
      check.view().scan(KeyRange.ALL, merge);
      merge.end();
      TreeWriter.Written written = writer.finish(reign.nextNumber());
      TreeCounters counters =
          new TreeCounters(
              counted.inodes(), counted.usedBytes(), written.pages(), written.packBytes());
      return reign.end(
          written.root(),
          counters,
          ByteBuffer.wrap(MutationCodec.encode(written.records())),
          check.replay().ends(),
          undo,
          store.location());
    }
  }
}
