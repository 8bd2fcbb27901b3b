package io.strata.replay.format;

import com.github.luben.zstd.Zstd;
import io.strata.store.Body;
import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Log objects as bytes (docs/format.md, section "Log object"). Little-endian; the payload is
 *
 * <pre>
 *  0 u64 sequence
 *  8 u32 epoch
 * 12 u32 flags: 1 = fence, 2 = renewal
 * 16 u64 number of the head that the epoch began with
 * 24 u32 CRC32C of that head's payload
 * 28 u32 dependency count D     32 u32 group count G     36 u32 inline count I
 * 40 u64 number of the first group
 * 48 u8 codec of the body: 0 plain, 2 zstd · 3 zero bytes
 * 52 u32 length of the body before compression
 * 56 body, to the end of the payload
 *
 * body of an entry:
 *    D × ( u64 nonce · u64 logical length )
 *    G × ( u32 length · u32 CRC32C · bytes )
 *    I × ( u64 nonce · u64 logical offset · u32 length · u32 CRC32C · bytes )
 * body of a fence (D = G = I = first group = 0):
 *    u32 the new owner's epoch · u16 length · the new owner in UTF-8
 * body of a renewal (D = G = I = 0; first group = that of the next entry):
 *    u32 the owner's lease term in milliseconds
 * </pre>
 */
public final class EntryCodec {
  /** The longest body, before compression, that is read or written, in bytes. */
  public static final int BODY_BYTES_MAX = 64 << 20;

  /** Length of the fixed part of a payload in bytes. */
  public static final int HEADER_BYTES = 56;

  private static final int FENCE = 1;
  private static final int RENEWAL = 2;
  private static final int TURN = 3;
  private static final int PLAIN = 0;
  private static final int ZSTD = 2;
  private static final int ZSTD_LEVEL = 1;

  /** Below this many bytes a smaller object would save nothing, neither time nor money. */
  private static final int COMPRESS_BYTES_MIN = 1024;

  private EntryCodec() {}

  /** The whole object of an entry, ready to be put under {@code entry.position().key()}. */
  public static Body frame(VolumeId volume, LogEntry.Stored entry) {
    return Frame.wrap(FrameKind.LOG, volume, entry.position().key(), encode(entry));
  }

  /**
   * The entry in a log object that was read whole.
   *
   * @throws StoreException.Corrupt if it is not the entry that was written at this position
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static LogEntry.Stored open(VolumeId volume, LogPosition position, ByteBuffer whole)
      throws StoreException {
    ByteBuffer payload = Frame.open(whole, FrameKind.LOG, volume, position.key());
    return decode(position, payload);
  }

  /** The payload of an entry. */
  static List<ByteBuffer> encode(LogEntry.Stored entry) {
    return switch (entry) {
      case LogEntry.Groups groups -> {
        FieldWriter header = header(groups, 0);
        header.u32(groups.dependencies().size());
        header.u32(groups.groups().size()).u32(groups.inline().size());
        yield payload(header.u64(groups.firstGroup()), body(groups));
      }
      case LogEntry.Fence fence -> {
        FieldWriter header = header(fence, FENCE).u32(0).u32(0).u32(0).u64(0);
        FieldWriter body = new FieldWriter(64).u32(fence.by().value()).text(fence.owner());
        yield payload(header, body.written());
      }
      case LogEntry.Renewal renewal -> {
        FieldWriter header = header(renewal, RENEWAL).u32(0).u32(0).u32(0);
        FieldWriter body = new FieldWriter(4).u32(Math.toIntExact(renewal.term().toMillis()));
        yield payload(header.u64(renewal.firstGroup()), body.written());
      }
      case LogEntry.Turn turn -> {
        FieldWriter header = header(turn, TURN).u32(0).u32(0).u32(0);
        FieldWriter body = new FieldWriter(8).u64(turn.number());
        yield payload(header.u64(turn.firstGroup()), body.written());
      }
    };
  }

  private static FieldWriter header(LogEntry.Stored entry, int flags) {
    FieldWriter header = new FieldWriter(HEADER_BYTES);
    header.u64(entry.position().sequence()).u32(entry.position().epoch().value()).u32(flags);
    return header.u64(entry.head().number()).u32(entry.head().crc());
  }

  private static ByteBuffer body(LogEntry.Groups entry) {
    long length = 16L * entry.dependencies().size();
    for (byte[] group : entry.groups()) {
      length += 8 + group.length;
    }
    for (InlineRun run : entry.inline()) {
      length += 24 + run.bytes().remaining();
    }
    if (length > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("log entry of " + length + " bytes");
    }
    FieldWriter body = new FieldWriter((int) length);
    for (Dependency dependency : entry.dependencies()) {
      body.u64(dependency.nonce().value()).u64(dependency.logicalLength());
    }
    for (byte[] group : entry.groups()) {
      body.checkedBytes(ByteBuffer.wrap(group));
    }
    for (InlineRun run : entry.inline()) {
      body.u64(run.nonce().value()).u64(run.logicalOffset()).checkedBytes(run.bytes());
    }
    return body.written();
  }

  private static List<ByteBuffer> payload(FieldWriter header, ByteBuffer body) {
    int rawLength = body.remaining();
    ByteBuffer stored = body;
    int codec = PLAIN;
    if (rawLength >= COMPRESS_BYTES_MIN) {
      byte[] packed = new byte[(int) Zstd.compressBound(rawLength)];
      long length =
          Zstd.compressByteArray(
              packed,
              0,
              packed.length,
              body.array(),
              body.arrayOffset() + body.position(),
              rawLength,
              ZSTD_LEVEL);
      if (!Zstd.isError(length) && length < rawLength - rawLength / 8) {
        stored = ByteBuffer.wrap(packed, 0, (int) length);
        codec = ZSTD;
      }
    }
    header.u8(codec).u8(0).u16(0).u32(rawLength);
    return List.of(header.written(), stored);
  }

  /** The entry in a payload whose frame has been checked. */
  static LogEntry.Stored decode(LogPosition position, ByteBuffer payload) throws StoreException {
    FieldReader in = new FieldReader(position.key(), payload);
    long sequence = in.u64("sequence");
    int epoch = in.u32("epoch");
    in.require(
        sequence == position.sequence() && epoch == position.epoch().value(),
        "position: %08x/%x, expected %s",
        epoch,
        sequence,
        position);
    int flags = in.u32("flags");
    in.require(flags >= 0 && flags <= TURN, "flags: %08x", flags);
    HeadReference head =
        new HeadReference(in.u64("head number", 1, Long.MAX_VALUE), in.u32("head checksum"));
    int dependencies = in.u32("dependency count");
    int groups = in.u32("group count");
    int inline = in.u32("inline count");
    long firstGroup = in.u64("first group", 0, Long.MAX_VALUE);
    FieldReader body = new FieldReader(position.key(), body(in));
    LogEntry.Stored entry;
    if (flags == FENCE) {
      entry = fence(position, head, body);
    } else if (flags == RENEWAL) {
      int term = body.u32("lease term");
      body.require(term > 0, "lease term is %d ms", Integer.toUnsignedLong(term));
      entry = new LogEntry.Renewal(position, head, firstGroup, Duration.ofMillis(term));
    } else if (flags == TURN) {
      entry =
          new LogEntry.Turn(position, head, firstGroup, body.u64("head", 1, Long.MAX_VALUE));
    } else {
      entry =
          new LogEntry.Groups(
              position,
              head,
              firstGroup,
              dependencies(body, dependencies),
              groups(body, groups),
              inline(body, inline));
    }
    body.end();
    return entry;
  }

  private static ByteBuffer body(FieldReader in) throws StoreException {
    int codec = in.u8("body codec");
    in.require(in.u8("padding") == 0 && in.u16("padding") == 0, "padding is not zero");
    int rawLength = in.u32("body length");
    in.require(
        rawLength >= 0 && rawLength <= BODY_BYTES_MAX,
        "body length is %d, at most %d is read",
        Integer.toUnsignedLong(rawLength),
        BODY_BYTES_MAX);
    ByteBuffer stored = in.rest();
    if (codec == PLAIN) {
      in.require(
          stored.remaining() == rawLength,
          "body length is %d, there are %d bytes",
          rawLength,
          stored.remaining());
      return stored;
    }
    in.require(codec == ZSTD, "body codec %d", codec);
    byte[] packed = new byte[stored.remaining()];
    stored.get(packed);
    byte[] raw = new byte[rawLength];
    long length = Zstd.decompress(raw, packed);
    in.require(length == rawLength, "body does not decompress to %d bytes", rawLength);
    return ByteBuffer.wrap(raw);
  }

  private static LogEntry.Fence fence(LogPosition position, HeadReference head, FieldReader body)
      throws StoreException {
    int by = body.u32("fencing epoch");
    body.require(by >= 1 && by <= Epoch.MAX, "fencing epoch %08x", by);
    return new LogEntry.Fence(position, head, new Epoch(by), body.text("fencing owner"));
  }

  private static List<Dependency> dependencies(FieldReader body, int count) throws StoreException {
    body.fitting("dependency count", count, 16);
    List<Dependency> dependencies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Nonce nonce = new Nonce(body.u64("dependency's nonce"));
      long length = body.u64("dependency's length", 1, Long.MAX_VALUE);
      dependencies.add(new Dependency(nonce, length));
    }
    return dependencies;
  }

  private static List<byte[]> groups(FieldReader body, int count) throws StoreException {
    body.fitting("group count", count, 8);
    List<byte[]> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer view = body.checkedBytes("group");
      byte[] group = new byte[view.remaining()];
      view.get(group);
      groups.add(group);
    }
    return groups;
  }

  private static List<InlineRun> inline(FieldReader body, int count) throws StoreException {
    body.fitting("inline count", count, 24);
    List<InlineRun> runs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Nonce nonce = new Nonce(body.u64("inline run's nonce"));
      long offset = body.u64("inline run's offset", 0, Long.MAX_VALUE);
      runs.add(new InlineRun(nonce, offset, body.checkedBytes("inline run")));
    }
    return runs;
  }
}
