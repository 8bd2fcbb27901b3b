package io.strata.fsck;

import io.strata.checkpoint.Succession;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.HeadGarbage;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.Timestamp;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.format.Codec;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A volume made by hand: its entries are put one by one, sums are added up over what is there, and
 * {@link #check} writes it down as descriptor, two heads, one pack and a log, and checks it.
 *
 * <p>As it begins it is small and right:
 *
 * <pre>
 *   /          inode 1
 *   /dir       inode DIR
 *   /dir/file  inode FILE, 100,000 bytes in segment DATA
 *   /dir/twin  inode TWIN, also named /twin; empty
 *   /link      inode LINK, a symbolic link
 *              inode GONE, a file without a name that waits to be removed
 * </pre>
 */
final class CraftedVolume {
  static final Epoch EPOCH = new Epoch(2);
  static final Ino DIR = Ino.of(EPOCH, 1);
  static final Ino FILE = Ino.of(EPOCH, 2);
  static final Ino TWIN = Ino.of(EPOCH, 3);
  static final Ino LINK = Ino.of(EPOCH, 4);
  static final Ino GONE = Ino.of(EPOCH, 5);
  static final Nonce DATA = Nonce.of(EPOCH, 7);
  static final Nonce PACK = Nonce.of(EPOCH, 8);
  static final int FILE_BYTES = 100_000;

  private static final Timestamp TIME = new Timestamp(1_700_000_000, 5);
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_100);

  final MemStore store = new MemStore();
  final VolumeId id = new VolumeId(new UUID(0x1234_5678_9abc_4defL, 0x8000_0000_0000_0001L));

  private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Mutation> carry = new ArrayList<>();
  private final List<LogEntry.Groups> log = new ArrayList<>();
  private UnaryOperator<Head> headChange = head -> head;
  private boolean written;

  CraftedVolume() {
    put(new Mutation.InodePut(Ino.ROOT, directory(Ino.ROOT, 3, 3)));
    name(Ino.ROOT, "dir", DIR, FileType.DIRECTORY);
    put(new Mutation.InodePut(DIR, directory(Ino.ROOT, 2, 2)));
    name(DIR, "file", FILE, FileType.REGULAR);
    put(new Mutation.InodePut(FILE, file(1, FILE_BYTES, FILE_BYTES)));
    put(new Mutation.ExtentPut(FILE, new Extent(0, 60_000, DATA, 0)));
    put(new Mutation.ExtentPut(FILE, new Extent(60_000, 40_000, DATA, 60_000)));
    name(DIR, "twin", TWIN, FileType.REGULAR);
    name(Ino.ROOT, "twin", TWIN, FileType.REGULAR);
    put(new Mutation.InodePut(TWIN, file(2, 0, 0)));
    put(new Mutation.XattrPut(TWIN, ByteString.of("user.a"), ByteString.of("b")));
    name(Ino.ROOT, "link", LINK, FileType.SYMLINK);
    put(new Mutation.InodePut(LINK, symlink("dir/file")));
    put(new Mutation.InodePut(GONE, file(0, 0, 0)));
    put(new Mutation.OrphanPut(GONE));
    put(segment(DATA, data(FILE_BYTES)));
    put(new Mutation.SegmentLivePut(DATA, FILE_BYTES));
  }

  static Inode directory(Ino parent, int links, long size) {
    return new Inode(
        0040755, links, 0, 0, 0, size, 0, TIME, TIME, TIME, TIME, parent, ByteString.EMPTY);
  }

  static Inode file(int links, long size, long allocated) {
    return new Inode(
        0100644, links, 0, 0, 0, size, allocated, TIME, TIME, TIME, TIME, null, ByteString.EMPTY);
  }

  static Inode symlink(String target) {
    return new Inode(
        0120777,
        1,
        0,
        0,
        0,
        target.length(),
        0,
        TIME,
        TIME,
        TIME,
        TIME,
        null,
        ByteString.of(target));
  }

  /** Bytes that differ from block to block, half of which compress well. */
  static byte[] data(int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i / 64 + ((i & 1) == 0 ? 0 : i * 31 / 128));
    }
    return data;
  }

  CraftedVolume put(Mutation.Put entry) {
    entries.put(entry.key(), entry.value());
    return this;
  }

  CraftedVolume delete(Mutation.Delete entry) {
    entries.remove(entry.key());
    return this;
  }

  /** Puts an entry that is not what its key says. */
  CraftedVolume putRaw(byte[] key, byte[] value) {
    entries.put(key, value);
    return this;
  }

  CraftedVolume name(Ino parent, String name, Ino child, FileType type) {
    return put(new Mutation.DentryPut(parent, FileName.of(name), new Dentry(child, type)));
  }

  CraftedVolume unname(Ino parent, String name) {
    return delete(new Mutation.DentryDelete(parent, FileName.of(name)));
  }

  /** Stores a segment and returns the record that belongs into the tree. */
  Mutation.SegmentPut segment(Nonce nonce, byte[] bytes) {
    List<StoredBlock> blocks = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += SegmentFormat.BLOCK_BYTES) {
      int end = Math.min(bytes.length, from + SegmentFormat.BLOCK_BYTES);
      blocks.add(StoredBlock.encode(Arrays.copyOfRange(bytes, from, end), Codec.LZ4));
    }
    SegmentIndex index = SegmentIndex.of(nonce, bytes.length, blocks, 0);
    SegmentFooter footer = new SegmentFooter(index, List.of());
    store.put(ObjectNames.segment(nonce), footer.object(id, blocks).toBytes());
    return new Mutation.SegmentPut(nonce, new SegmentRecord(1, ByteString.of(index.encode())));
  }

  /** Lets the newest head carry this. */
  CraftedVolume carry(Mutation mutation) {
    carry.add(mutation);
    return this;
  }

  /** Changes the newest head before it is written. */
  CraftedVolume head(UnaryOperator<Head> change) {
    headChange = change;
    return this;
  }

  /** Appends a log entry of one group. */
  CraftedVolume logged(List<Dependency> segments, List<InlineRun> inline, Mutation... group) {
    return loggedRaw(segments, inline, MutationCodec.encode(List.of(group)));
  }

  CraftedVolume loggedRaw(List<Dependency> segments, List<InlineRun> inline, byte[] group) {
    log.add(
        new LogEntry.Groups(
            new LogPosition(EPOCH, log.size()),
            opened().logHead(),
            log.size(),
            segments,
            List.of(group),
            inline));
    return this;
  }

  private static Owner owner() {
    return new Owner("host", "boot", 1, 2, new UUID(3, 4), "a test");
  }

  private static Head first() {
    return Succession.first(owner(), NOW);
  }

  /** Head 2, with which the epoch begins: it says what head 1 does. */
  private static StoredHead opened() {
    StoredHead first = StoredHead.of(first());
    return StoredHead.of(
        new Head(
            2,
            EPOCH,
            owner(),
            NOW,
            HeadState.OPEN,
            first.crc(),
            null,
            null,
            TreeCounters.ZERO,
            LogPosition.start(EPOCH),
            List.of(),
            ByteBuffer.allocate(0),
            0,
            List.of(first.head().asRetained()),
            List.of(),
            new HeadGarbage(LogPosition.start(EPOCH), List.of()),
            Lineage.NONE,
            List.of()));
  }

  /** Writes everything down, once. */
  CraftedVolume write() {
    if (written) {
      return this;
    }
    written = true;
    VolumeDescriptor descriptor =
        new VolumeDescriptor(id, NOW, "", VolumeDescriptor.BLOCK_SIZE_BYTES, false, 0);
    store.put(ObjectNames.VOLUME, VolumeCodec.frame(descriptor).toBytes());
    CraftedTree tree = CraftedTree.write(store, id, PACK, entries);
    long packBytes = length(ObjectNames.pack(PACK));
    carry.add(
        new Mutation.PackPut(
            PACK, new PackRecord(packBytes, tree.pages().size(), tree.pageBytes(), 3)));
    StoredHead opened = opened();
    List<RetainedCheckpoint> retained = List.of(first().asRetained(), opened.head().asRetained());
    Head newest =
        new Head(
            3,
            EPOCH,
            owner(),
            NOW,
            HeadState.OPEN,
            opened.crc(),
            opened.reference(),
            tree.root(),
            new TreeCounters(inodes(), bytes(), tree.pages().size(), packBytes),
            LogPosition.start(EPOCH),
            List.of(),
            ByteBuffer.wrap(MutationCodec.encode(carry)),
            100,
            retained,
            List.of(),
            new HeadGarbage(LogPosition.start(EPOCH), List.of()),
            Lineage.NONE,
            List.of());
    put(first());
    put(opened.head());
    put(headChange.apply(newest));
    for (LogEntry.Groups entry : log) {
      store.put(entry.position().key(), EntryCodec.frame(id, entry).toBytes());
    }
    return this;
  }

  private void put(Head head) {
    store.put(ObjectNames.head(head.number()), HeadCodec.frame(id, head).toBytes());
  }

  private long inodes() {
    return decoded().stream().filter(Mutation.InodePut.class::isInstance).count();
  }

  private long bytes() {
    long sum = 0;
    for (Mutation.Put entry : decoded()) {
      sum += entry instanceof Mutation.ExtentPut put ? put.extent().length() : 0;
    }
    return sum;
  }

  /** The entries that can be read. */
  private List<Mutation.Put> decoded() {
    List<Mutation.Put> decoded = new ArrayList<>();
    entries.forEach((key, value) -> decode(key, value).ifPresent(decoded::add));
    return decoded;
  }

  private static Optional<Mutation.Put> decode(byte[] key, byte[] value) {
    try {
      return Optional.of(Mutation.ofEntry(key, value));
    } catch (MalformedRecord onPurpose) {
      return Optional.empty();
    }
  }

  long length(ObjectKey key) {
    return store.head(key).orElseThrow();
  }

  /** The bytes of an object, a copy. */
  byte[] bytes(ObjectKey key) {
    try {
      ByteBuffer bytes = store.get(key, ByteRange.ALL);
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Repairs a copy, and returns what a check says of it then. */
  RepairReport repaired() {
    write();
    try {
      FsckOptions check = FsckOptions.DEFAULT.withData(true);
      return Fsck.repair(
          store.copy(), new RepairOptions(check, false, true), SystemPlatform.create());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Writes it down, unless that was done, and checks it, data and all. */
  FsckReport check() {
    write();
    try {
      return Fsck.check(store, FsckOptions.DEFAULT.withData(true), SystemPlatform.create());
    } catch (StoreException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
