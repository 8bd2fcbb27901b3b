package io.strata.fsck.dump;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.Severity;
import io.strata.fsck.history.HeadCheck;
import io.strata.fsck.history.KeptState;
import io.strata.fsck.history.LogReplay;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.tree.EntryVisitor;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.Pages;
import io.strata.fsck.tree.TreeWalk;
import io.strata.fsck.tree.VolumeView;
import io.strata.platform.Platform;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a volume's metadata as lines of JSON (docs/dump.md), from its bucket alone. Only reads;
 * whoever owns the volume is not disturbed.
 *
 * <p>The tree streams by; what is summed up of segments is in tables that go to disk when they
 * outgrow memory. What cannot be read ends the dump, before its last line.
 */
public final class Dump {
  private final Bucket bucket;
  private final @Nullable String state;
  private final LineWriter writer;
  private final LongConsumer progress;
  private final Platform platform;

  private Dump(
      Bucket bucket,
      @Nullable String state,
      LineWriter writer,
      LongConsumer progress,
      Platform platform) {
    this.bucket = bucket;
    this.state = state;
    this.writer = writer;
    this.progress = progress;
    this.platform = platform;
  }

  /**
   * Dumps a volume.
   *
   * @param state a snapshot, the number of a head or a time; null for the present
   * @param out where to, not closed
   * @param options of them where tables go, and how much of them stays in memory
   * @param progress told now and then how many lines there are
   * @throws BadDump if there is no such state, or it is damaged
   * @throws StoreException.Missing if there is no volume
   * @throws IOException if the store or {@code out} fails
   */
  public static DumpReport write(
      ObjectStore store,
      @Nullable String state,
      OutputStream out,
      FsckOptions options,
      LongConsumer progress,
      Platform platform)
      throws IOException, InterruptedException {
    LineWriter writer = new LineWriter(out);
    try (Scratch scratch = options.scratch()) {
      DumpHeader header =
          new Dump(new Bucket(store), state, writer, progress, platform).run(scratch);
      out.flush();
      return new DumpReport(header, writer.counts(), writer.bytes());
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private DumpHeader run(Scratch scratch) throws IOException, InterruptedException {
    VolumeDescriptor volume = VolumeCodec.open(bucket.read(ObjectNames.VOLUME, ByteRange.ALL));
    Inventory inventory = Inventory.of(bucket, scratch);
    Findings found = new Findings(1);
    StoredHead newest =
        new HeadCheck(bucket, volume.id(), inventory, found)
            .check(platform)
            .orElseThrow(() -> BadDump.of("no head can be read: run strata fsck"));
    StoredHead chosen = newest;
    LogReplay log =
        new LogReplay(
            bucket, volume.id(), inventory, new Footers(bucket, volume.id()), found, scratch);
    if (state == null) {
      log.replay(newest, platform);
    } else {
      chosen =
          KeptState.find(bucket, volume.id(), newest.head(), state)
              .orElseThrow(
                  () ->
                      BadDump.of(
                          "no state %s is kept: name a snapshot, a head's number or a time; strata"
                              .formatted(state)
                              + " recover lists them"));
    }
    requireSound(found);
    Head head = chosen.head();
    DumpHeader header =
        new DumpHeader(
            volume.id(),
            volume.created(),
            volume.label(),
            volume.capacityBytes(),
            volume.singleWriter(),
            head.number(),
            head.epoch(),
            head.time());
    writer.write(new DumpLine.Begin(header));
    for (NamedSnapshot each : newest.head().snapshots()) {
      writer.write(
          new DumpLine.Snapshot(
              each.name(), each.checkpoint().number(), each.checkpoint().time()));
    }
    VolumeView view =
        new VolumeView(
            new Pages(bucket, platform),
            head.root(),
            carried(head, scratch),
            log.changes(),
            TreeWalk.Substitute.NONE,
            false);
    LongLongMap used = new LongLongMap(scratch);
    Damage damage = new Damage();
    EntryVisitor nothing = (key, value) -> {};
    view.walk(damage, nothing, nothing, (key, value) -> entry(key, value, used, damage));
    damage.requireNone();
    view.scan(
        KeyRange.of(TreeKeys.segments()), (key, value) -> segment(key, value, used));
    writer.end();
    return header;
  }

  private static Overlay carried(Head head, Scratch scratch) throws BadDump {
    Overlay carried = new Overlay(scratch);
    try {
      carried.apply(MutationCodec.decode(head.carry()));
    } catch (MalformedRecord e) {
      throw damaged("head " + head.number() + ": " + e.getMessage());
    }
    return carried;
  }

  private void entry(byte[] key, byte[] value, LongLongMap used, Damage damage) {
    if (damage.what != null) {
      return;
    }
    Mutation.Put entry = decode(key, value);
    switch (entry) {
      case Mutation.ExtentPut put -> {
        used.put(put.extent().nonce().value(), 1);
        line(entry);
      }
      case Mutation.InodePut put -> line(entry);
      case Mutation.XattrPut put -> line(entry);
      case Mutation.DentryPut put -> line(entry);
      case Mutation.OrphanPut put -> line(entry);
      case Mutation.SegmentPut put -> {}
      case Mutation.SegmentLivePut put -> {}
      case Mutation.PackPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  private void line(Mutation.Put entry) {
    write(new DumpLine.Entry(entry));
    long lines = writer.counts().lines();
    if (lines % 1000 == 0) {
      progress.accept(lines);
    }
  }

  private void segment(byte[] key, byte[] value, LongLongMap used) {
    if (decode(key, value) instanceof Mutation.SegmentPut put) {
      boolean forEver = put.segment().birthHead() == Load.FOR_EVER;
      if (forEver || used.has(put.nonce().value())) {
        SegmentIndex index = index(put);
        write(
            new DumpLine.Segment(
                put.nonce(), index.objectLength(), index.logicalLength(), forEver));
      }
    }
  }

  private static SegmentIndex index(Mutation.SegmentPut put) {
    try {
      return SegmentIndex.decode(put.segment().index().toBytes());
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(
          damaged("the record of segment %s: %s".formatted(put.nonce(), e.getMessage())));
    }
  }

  private void write(DumpLine line) {
    try {
      writer.write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mutation.Put decode(byte[] key, byte[] value) {
    try {
      return Mutation.ofEntry(key, value);
    } catch (MalformedRecord e) {
      throw new UncheckedIOException(damaged(String.valueOf(e.getMessage())));
    }
  }

  private static BadDump damaged(String what) {
    return BadDump.of(
        "the volume is damaged (%s): run strata fsck, or dump an earlier state".formatted(what));
  }

  private static void requireSound(Findings found) throws BadDump {
    if (found.count(Severity.ERROR) > 0) {
      Finding first = found.resolved(Map.of()).getFirst();
      throw damaged(first.what());
    }
  }

  /** Remembers the first page that cannot be read. */
  private static final class Damage implements TreeWalk.Watcher {
    private @Nullable String what;

    @Override
    public void damaged(
        PageAddress address, String damage, KeyRange holds) {
      note("page " + address + ": " + damage);
    }

    @Override
    public void misplaced(PageAddress address, String problem) {
      note("page " + address + ": " + problem);
    }

    private void note(String problem) {
      what = what == null ? problem : what;
    }

    void requireNone() throws BadDump {
      if (what != null) {
        throw Dump.damaged(what);
      }
    }
  }
}
