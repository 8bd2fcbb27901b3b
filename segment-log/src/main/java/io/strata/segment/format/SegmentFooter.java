package io.strata.segment.format;

import io.strata.store.Body;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What follows the blocks of a segment object: the block index, the summary and the tail.
 *
 * <p>The payload of a segment object is blocks | index | summary | tail, and the frame's trailer
 * ends the object, so that one get of its last bytes finds all of this. The index is as in {@link
 * SegmentIndex}. A summary entry is u64 inode number · u64 file offset · u32 logical offset · u32
 * length. The tail is 32 bytes:
 *
 * <pre>
 *  0 u32 block count          16 u32 index offset in the payload
 *  4 u32 summary count        20 u32 CRC of index and summary
 *  8 u64 logical length       24 u32 CRC of the volume's UUID and the object's name
 *                             28 u32 CRC of the 28 bytes before
 * </pre>
 *
 * <p>The CRC at 24 is there because who reads only an object's end does not see the frame's header:
 * a segment put back under another name, or of another volume, is found out all the same.
 *
 * @param index where the blocks are
 * @param summary whose bytes they were, in the order of appending
 */
public record SegmentFooter(SegmentIndex index, List<SummaryRun> summary) {
  public SegmentFooter {
    summary = List.copyOf(summary);
    if (summary.size() != index.summaryCount()) {
      throw new IllegalArgumentException("summary of " + summary.size() + ", not as in " + index);
    }
  }

  /** Length of the footer of a segment in bytes, without the frame's trailer. */
  public static int length(int blockCount, int summaryCount) {
    return blockCount * SegmentFormat.INDEX_ENTRY_BYTES
        + summaryCount * SegmentFormat.SUMMARY_ENTRY_BYTES
        + SegmentFormat.TAIL_BYTES;
  }

  /**
   * The whole object of a segment with this footer.
   *
   * @param blocks those that the index was made of
   */
  public Body object(VolumeId volume, List<StoredBlock> blocks) {
    List<ByteBuffer> payload = new ArrayList<>(blocks.size() + 1);
    for (StoredBlock block : blocks) {
      payload.add(ByteBuffer.wrap(block.bytes()));
    }
    payload.add(encode(volume));
    return Frame.wrap(FrameKind.SEGMENT, volume, ObjectNames.segment(index.nonce()), payload);
  }

  private ByteBuffer encode(VolumeId volume) {
    ByteBuffer out =
        ByteBuffer.allocate(length(index.blockCount(), summary.size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    index.putEntries(out);
    for (SummaryRun run : summary) {
      out.putLong(run.ino()).putLong(run.fileOffset());
      out.putInt((int) run.logicalOffset()).putInt((int) run.length());
    }
    int tail = out.position();
    out.putInt(index.blockCount()).putInt(summary.size()).putLong(index.logicalLength());
    out.putInt((int) index.storedBytes());
    out.putInt(crc(out, 0, tail)).putInt(ownerCrc(volume, index.nonce()));
    out.putInt(crc(out, tail, out.position()));
    return out.flip();
  }

  /**
   * How many of an object's last bytes {@link #read} needs, found in at least the last {@link
   * SegmentFormat#TAIL_BYTES} + {@link Frame#TRAILER_BYTES} of them.
   *
   * @param suffix the object's last bytes
   * @throws StoreException.Corrupt if they are not the end of this segment
   */
  public static int suffixLength(VolumeId volume, Nonce nonce, ByteBuffer suffix)
      throws StoreException.Corrupt {
    ByteBuffer tail = tail(volume, nonce, suffix);
    return length(tail.getInt(0), tail.getInt(4)) + Frame.TRAILER_BYTES;
  }

  /**
   * Reads a footer.
   *
   * @param suffix the object's last bytes, at least {@link #suffixLength}
   * @throws StoreException.Corrupt saying what of it is damaged
   */
  public static SegmentFooter read(VolumeId volume, Nonce nonce, ByteBuffer suffix)
      throws StoreException.Corrupt {
    ObjectKey key = ObjectNames.segment(nonce);
    ByteBuffer tail = tail(volume, nonce, suffix);
    int blockCount = tail.getInt(0);
    int summaryCount = tail.getInt(4);
    int needed = length(blockCount, summaryCount) + Frame.TRAILER_BYTES;
    if (suffix.remaining() < needed) {
      throw new StoreException.Corrupt(
          key, "it has %d bytes, its footer %d".formatted(suffix.remaining(), needed));
    }
    ByteBuffer footer =
        suffix.slice(suffix.limit() - needed, needed).order(ByteOrder.LITTLE_ENDIAN);
    int indexLength = blockCount * SegmentFormat.INDEX_ENTRY_BYTES;
    int summaryEnd = indexLength + summaryCount * SegmentFormat.SUMMARY_ENTRY_BYTES;
    if (crc(footer, 0, summaryEnd) != tail.getInt(20)) {
      throw new StoreException.Corrupt(key, "checksum of its block index");
    }
    try {
      SegmentIndex index =
          SegmentIndex.getEntries(
              nonce,
              tail.getLong(8),
              Frame.headerLength(key),
              summaryCount,
              footer.slice(0, indexLength).order(ByteOrder.LITTLE_ENDIAN));
      if (index.storedBytes() != Integer.toUnsignedLong(tail.getInt(16))) {
        throw new StoreException.Corrupt(key, "its block index is not where its tail says");
      }
      return new SegmentFooter(index, summary(footer, indexLength, summaryCount));
    } catch (IllegalArgumentException | ArithmeticException impossible) {
      throw new StoreException.Corrupt(key, "block index: " + impossible.getMessage());
    }
  }

  private static List<SummaryRun> summary(ByteBuffer footer, int from, int count) {
    List<SummaryRun> runs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = from + i * SegmentFormat.SUMMARY_ENTRY_BYTES;
      runs.add(
          new SummaryRun(
              footer.getLong(at),
              footer.getLong(at + 8),
              Integer.toUnsignedLong(footer.getInt(at + 16)),
              Integer.toUnsignedLong(footer.getInt(at + 20))));
    }
    return runs;
  }

  /** The verified tail; its counts are those of a footer that an array can hold. */
  private static ByteBuffer tail(VolumeId volume, Nonce nonce, ByteBuffer suffix)
      throws StoreException.Corrupt {
    ObjectKey key = ObjectNames.segment(nonce);
    int at = suffix.limit() - Frame.TRAILER_BYTES - SegmentFormat.TAIL_BYTES;
    if (at < suffix.position()) {
      throw new StoreException.Corrupt(key, "it has only " + suffix.remaining() + " bytes");
    }
    ByteBuffer tail = suffix.slice(at, SegmentFormat.TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (crc(tail, 0, 28) != tail.getInt(28)) {
      throw new StoreException.Corrupt(key, "checksum of its tail");
    }
    if (tail.getInt(24) != ownerCrc(volume, nonce)) {
      throw new StoreException.Corrupt(key, "it was written under another name or volume");
    }
    long length =
        Integer.toUnsignedLong(tail.getInt(0)) * SegmentFormat.INDEX_ENTRY_BYTES
            + Integer.toUnsignedLong(tail.getInt(4)) * SegmentFormat.SUMMARY_ENTRY_BYTES;
    if (length > Integer.MAX_VALUE - SegmentFormat.TAIL_BYTES - Frame.TRAILER_BYTES) {
      throw new StoreException.Corrupt(key, "its footer would have " + length + " bytes");
    }
    return tail;
  }

  private static int ownerCrc(VolumeId volume, Nonce nonce) {
    byte[] name = ObjectNames.segment(nonce).value().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer owner = ByteBuffer.allocate(16 + name.length);
    owner.putLong(volume.uuid().getMostSignificantBits());
    owner.putLong(volume.uuid().getLeastSignificantBits());
    return crc(owner.put(name), 0, 16 + name.length);
  }

  private static int crc(ByteBuffer bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, to - from));
    return (int) crc.getValue();
  }
}
