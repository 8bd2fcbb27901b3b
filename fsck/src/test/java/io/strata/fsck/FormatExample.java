package io.strata.fsck;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageBuilder;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.HeadGarbage;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.StoredPage;
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
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.SegmentRecord;
import io.strata.fs.schema.Timestamp;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.format.Codec;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The volume of docs/format.md as the code writes it: {@code /hello} in a segment and a tree,
 * {@code /note} only in the log, with its bytes inlined.
 */
final class FormatExample {
  static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("0f4b8c1e-7a52-4d3c-9e61-2b8f5a7c9d10"));
  static final Epoch EPOCH = new Epoch(1);
  static final Nonce SEGMENT = Nonce.of(EPOCH, 0);
  static final Nonce PACK = Nonce.of(EPOCH, 1);
  static final Nonce NEXT_SEGMENT = Nonce.of(EPOCH, 2);
  static final byte[] HELLO = "Hello, world\n".getBytes(StandardCharsets.US_ASCII);
  static final byte[] LATER = "later\n".getBytes(StandardCharsets.US_ASCII);

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  private static final Timestamp STAMP = Timestamp.of(TIME);
  private static final Ino FILE = Ino.of(EPOCH, 1);
  private static final Ino NOTE = Ino.of(EPOCH, 2);

  private FormatExample() {}

  static byte[] volume() {
    return VolumeCodec.frame(
            new VolumeDescriptor(
                VOLUME, TIME, "example", VolumeDescriptor.BLOCK_SIZE_BYTES, false, 0))
        .toBytes();
  }

  private static StoredBlock block() {
    return StoredBlock.encode(HELLO, Codec.LZ4);
  }

  private static SegmentIndex index() {
    return SegmentIndex.of(SEGMENT, HELLO.length, List.of(block()), 1);
  }

  static byte[] segment() {
    SummaryRun run = new SummaryRun(FILE.value(), 0, 0, HELLO.length);
    return new SegmentFooter(index(), List.of(run)).object(VOLUME, List.of(block())).toBytes();
  }

  private static Inode root(long entries) {
    return new Inode(
        0040755, 2, 0, 0, 0, entries, 0, STAMP, STAMP, STAMP, STAMP, Ino.ROOT, ByteString.EMPTY);
  }

  private static Inode file(long size) {
    return new Inode(
        0100644, 1, 1000, 1000, 0, size, size, STAMP, STAMP, STAMP, STAMP, null, ByteString.EMPTY);
  }

  private static Mutation.DentryPut name(String name, Ino ino) {
    return new Mutation.DentryPut(Ino.ROOT, FileName.of(name), new Dentry(ino, FileType.REGULAR));
  }

  /** The tree's only page, as it is before compression. */
  static ByteBuffer page() {
    NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    for (Mutation.Put entry :
        List.of(
            new Mutation.SegmentPut(SEGMENT, new SegmentRecord(1, ByteString.of(index().encode()))),
            new Mutation.SegmentLivePut(SEGMENT, HELLO.length),
            new Mutation.InodePut(Ino.ROOT, root(1)),
            name("hello", FILE),
            new Mutation.InodePut(FILE, file(HELLO.length)),
            new Mutation.ExtentPut(FILE, new Extent(0, HELLO.length, SEGMENT, 0)))) {
      entries.put(entry.key(), entry.value());
    }
    // All keys begin with the two zero bytes of small inode numbers.
    int prefix = 2;
    int bytes = 0;
    for (var entry : entries.entrySet()) {
      bytes += PageBuilder.entryBytes(entry.getKey().length - prefix, entry.getValue().length);
    }
    PageBuilder page = new PageBuilder(0, new byte[prefix], bytes);
    entries.forEach((key, value) -> page.entry(key, prefix, key.length - prefix, value));
    return page.finish();
  }

  /** A pack of that page, stored as {@code stored}. */
  static byte[] pack(byte[] stored) {
    ByteBuffer directory = PackDirectory.encode(List.of(address(stored)));
    return Frame.wrap(
            FrameKind.PACK,
            VOLUME,
            ObjectNames.pack(PACK),
            List.of(ByteBuffer.wrap(stored), directory))
        .toBytes();
  }

  static PageAddress address(byte[] stored) {
    return new PageAddress(
        PACK.value(),
        Frame.headerLength(ObjectNames.pack(PACK)),
        stored.length,
        StoredPage.crc(stored));
  }

  private static StoredHead stored(byte[] page) {
    long packBytes = pack(page).length;
    Owner owner =
        new Owner(
            "host",
            "boot",
            42,
            99,
            UUID.fromString("01234567-89ab-4cde-8f01-23456789abcd"),
            "pid 42 on host");
    byte[] carry =
        MutationCodec.encode(
            List.of(new Mutation.PackPut(PACK, new PackRecord(packBytes, 1, page.length, 1))));
    return StoredHead.of(
        new Head(
            1,
            EPOCH,
            owner,
            TIME,
            HeadState.OPEN,
            0,
            null,
            address(page),
            new TreeCounters(2, HELLO.length, 1, packBytes),
            LogPosition.start(EPOCH),
            List.of(),
            ByteBuffer.wrap(carry),
            2,
            List.of(),
            List.of(),
            new HeadGarbage(LogPosition.start(EPOCH), List.of()),
            Lineage.NONE,
            List.of()));
  }

  /** The head whose tree is that page. */
  static byte[] head(byte[] page) {
    return HeadCodec.frame(VOLUME, stored(page).head()).toBytes();
  }

  /** The first log entry behind that head. */
  static byte[] log(byte[] page) {
    byte[] group =
        MutationCodec.encode(
            List.of(
                new Mutation.InodePut(NOTE, file(LATER.length)),
                new Mutation.InodePut(Ino.ROOT, root(2)),
                name("note", NOTE),
                new Mutation.ExtentPut(NOTE, new Extent(0, LATER.length, NEXT_SEGMENT, 0))));
    LogEntry.Groups entry =
        new LogEntry.Groups(
            LogPosition.start(EPOCH),
            stored(page).reference(),
            0,
            List.of(),
            List.of(group),
            List.of(new InlineRun(NEXT_SEGMENT, 0, ByteBuffer.wrap(LATER))));
    return EntryCodec.frame(VOLUME, entry).toBytes();
  }
}
