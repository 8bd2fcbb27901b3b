package io.strata.fsck.dump;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckReport;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.Severity;
import io.strata.fsck.history.HeadCheck;
import io.strata.fsck.history.Identity;
import io.strata.fsck.history.Kin;
import io.strata.fsck.history.LogReplay;
import io.strata.fsck.names.NameCheck;
import io.strata.fsck.repair.Reign;
import io.strata.fsck.repair.SettledSegments;
import io.strata.fsck.repair.TreeWriter;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.tree.Gaps;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.Pages;
import io.strata.fsck.tree.TreeWalk;
import io.strata.fsck.tree.VolumeView;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the state that a dump tells of the state of a volume, over the segments that are in its
 * bucket (docs/dump.md).
 *
 * <p>Read the file and check that it fits itself; look whether the segments are there; take the
 * volume, as a repair does; write the tree; commit a head beside which the one before is kept. Until
 * that head is there nothing is changed, and it may be killed anywhere and run again.
 *
 * <p>Confined to a thread.
 */
public final class Load {
  /** The birth head of a segment that is never to be deleted. */
  static final long FOR_EVER = 0;

  private final ObjectStore store;
  private final DumpFile file;
  private final LoadOptions options;
  private final Platform platform;
  private final Bucket bucket;

  private Load(ObjectStore store, DumpFile file, LoadOptions options, Platform platform) {
    this.store = store;
    this.file = file;
    this.options = options;
    this.platform = platform;
    this.bucket = new Bucket(store);
  }

  /**
   * Loads a dump.
   *
   * @param file which is read twice
   * @throws BadDump if it cannot be loaded there; nothing was changed then
   * @throws io.strata.fsck.repair.Held if the volume has an owner who lives, or may
   * @throws IOException if the file or the store fails
   */
  public static LoadReport load(
      Path file, ObjectStore store, LoadOptions options, Platform platform)
      throws IOException, InterruptedException {
    try (Scratch scratch = options.check().scratch()) {
      return new Load(store, new DumpFile(file, options.edited()), options, platform)
          .run(scratch);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof BadDump bad ? bad : new IOException(e.getMessage(), e);
    }
  }

  private LoadReport run(Scratch scratch) throws IOException, InterruptedException {
    NeededSegments needed = new NeededSegments(scratch);
    Sound sound = read(needed, scratch);
    DumpHeader header = sound.header;

    Findings told = new Findings(1);
    Inventory listed = Inventory.of(bucket, scratch);
    requireSame(header.volume(), listed, told);
    HeadCheck heads = new HeadCheck(bucket, header.volume(), listed, told);
    StoredHead base = heads.check(platform).orElse(null);
    if (base != null && !options.takeOver()) {
      Reign.requireFree(base.head(), store.location());
    }
    Footers footers = new Footers(bucket, header.volume());
    LogReplay log = new LogReplay(bucket, header.volume(), listed, footers, told, scratch);
    if (base != null) {
      log.replay(base, platform);
    }
    needed.requireIn(listed, log.inline(), footers, platform, store.location());

    VolumeDescriptor descriptor = header.descriptor(Kin.origin(bucket).orElse(null));
    if (!listed.descriptor() && !Reign.describe(store, descriptor, platform)) {
      throw BadDump.of(store.location() + " was formatted by somebody else just now");
    }
    Reign reign =
        Reign.take(store, header.volume(), base, heads, listed, header.epoch(), platform);
    SettledSegments.settle(
        reign, store, bucket, header.volume(), listed, log.inline(), log.decisive());
    // Who took it over may have had an owner who went on until then.
    Inventory inventory = Inventory.of(bucket, scratch);
    Kin.join(bucket, header.volume(), inventory, reign.head().head(), new Findings(1));
    NamedSnapshot undo = base == null ? null : NamedSnapshot.ofReplaced(base.head());
    long head = write(reign, base, log, needed, inventory, footers, undo, scratch, sound);
    FsckReport after = Fsck.check(store, options.check(), platform);
    return new LoadReport(
        header, sound.counts, head, undo == null ? null : undo.name(), after);
  }

  /** What was found out about the file. */
  private static final class Sound {
    private final DumpHeader header;
    private final DumpCounts counts;
    private final long bytes;

    Sound(DumpHeader header, DumpCounts counts, long bytes) {
      this.header = header;
      this.counts = counts;
      this.bytes = bytes;
    }
  }

  /** Reads the file, and checks that it is a volume. */
  private Sound read(NeededSegments needed, Scratch scratch)
      throws IOException, InterruptedException {
    Findings wrong = new Findings(1);
    FirstReading reading = new FirstReading(needed, wrong, scratch);
    DumpCounts counts = file.read(reading);
    NameCheck names = reading.names();
    names.end();
    if (wrong.count(Severity.ERROR) > 0) {
      long ino = wrong.wanted().stream().findFirst().orElse(0L);
      Finding first = wrong.resolved(Map.of()).getFirst();
      long more = wrong.count(Severity.ERROR) - 1;
      throw BadDump.atLine(
          file.lineOf(ino),
          "%s (%s)%s"
              .formatted(
                  first.what(), first.code(), more == 0 ? "" : ", and " + more + " more like it"));
    }
    return new Sound(reading.header(), counts, names.bytes());
  }

  private final class FirstReading implements DumpFile.Visitor {
    private final NeededSegments needed;
    private final Findings wrong;
    private final Scratch scratch;
    private @Nullable DumpHeader header;
    private @Nullable NameCheck names;

    FirstReading(NeededSegments needed, Findings wrong, Scratch scratch) {
      this.needed = needed;
      this.wrong = wrong;
      this.scratch = scratch;
    }

    DumpHeader header() {
      if (header == null) {
        throw new IllegalStateException("a file was read that does not begin");
      }
      return header;
    }

    NameCheck names() {
      if (names == null) {
        throw new IllegalStateException("a file was read that does not begin");
      }
      return names;
    }

    @Override
    public void begin(DumpHeader first) {
      header = first;
      names = new NameCheck(wrong, new Gaps(), first.epoch(), scratch);
    }

    @Override
    public void entry(long line, Mutation.Put put) throws BadDump {
      names().take(put);
      if (put instanceof Mutation.ExtentPut extent) {
        if (extent.extent().nonce().epoch().compareTo(header().epoch()) > 0) {
          throw BadDump.atLine(
              line,
              "segment %s is of a later epoch than the dump"
                  .formatted(extent.extent().nonce()));
        }
        needed.take(extent.extent());
      }
      if (line % 1000 == 0) {
        options.progress().accept(line);
      }
    }

    @Override
    public void segment(long line, DumpLine.Segment segment) {
      needed.take(segment);
    }
  }

  private void requireSame(VolumeId wanted, Inventory listed, Findings told) throws IOException {
    if (!listed.descriptor() && listed.heads().size() == 0) {
      return;
    }
    Optional<VolumeId> found = Identity.of(bucket, listed, told);
    if (found.isEmpty() || !found.get().equals(wanted)) {
      throw BadDump.of(
          "the dump is of volume %s, and %s holds %s: load it where that volume's segments are"
              .formatted(
                  wanted.uuid(),
                  store.location(),
                  found.isEmpty() ? "one that cannot be told" : "volume " + found.get().uuid()));
    }
  }

  private long write(
      Reign reign,
      @Nullable StoredHead base,
      LogReplay log,
      NeededSegments needed,
      Inventory inventory,
      Footers footers,
      @Nullable NamedSnapshot undo,
      Scratch scratch,
      Sound sound)
      throws IOException, InterruptedException {
    VolumeView before = view(base, log, scratch);
    FormerObjects former = FormerObjects.of(before, scratch, reign.nextNumber());
    try (TreeWriter writer = new TreeWriter(reign)) {
      file.read(
          new SecondReading(
              writer,
              () -> {
                // Where no head is kept, nothing can be let go too early.
                needed.records(
                    inventory,
                    footers,
                    platform,
                    nonce -> base == null ? reign.nextNumber() : former.birth(nonce),
                    writer::add);
                former.dead(before, needed::lives, writer::add);
              }));
      TreeWriter.Written written = writer.finish(reign.nextNumber());
      return reign.end(
          written.root(),
          new TreeCounters(
              sound.counts.inodes(), sound.bytes, written.pages(), written.packBytes()),
          ByteBuffer.wrap(MutationCodec.encode(written.records())),
          log.ends(),
          undo,
          store.location());
    }
  }

  /** What the volume was before, as far as that can be read. */
  private VolumeView view(@Nullable StoredHead base, LogReplay log, Scratch scratch) {
    Overlay carried = new Overlay(scratch);
    PageAddress root = null;
    if (base != null) {
      root = base.head().root();
      try {
        carried.apply(MutationCodec.decode(base.head().carry()));
      } catch (MalformedRecord damaged) {
        // Only what is known of objects is of interest, and they stay.
        carried = new Overlay(scratch);
      }
    }
    return new VolumeView(
        new Pages(bucket, platform),
        root,
        carried,
        log.changes(),
        TreeWalk.Substitute.NONE,
        false);
  }

  /** Writes something. */
  private interface Writing {
    void run() throws StoreException, InterruptedException;
  }

  /** Writes the tree: marks of orphans, then what is known of objects, then inodes. */
  private static final class SecondReading implements DumpFile.Visitor {
    private final TreeWriter writer;
    private final Writing objects;
    private boolean written;

    SecondReading(TreeWriter writer, Writing objects) {
      this.writer = writer;
      this.objects = objects;
    }

    @Override
    public void entry(long line, Mutation.Put put)
        throws StoreException, InterruptedException {
      if (!written && !(put instanceof Mutation.OrphanPut)) {
        // There is a root directory, so this happens.
        written = true;
        objects.run();
      }
      writer.add(put.key(), put.value());
    }
  }
}
