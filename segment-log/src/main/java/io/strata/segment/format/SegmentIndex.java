package io.strata.segment.format;

import io.strata.store.Frame;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks of a segment are in its object, and what they must be: all that a reader needs
 * to turn a logical offset into one ranged get.
 *
 * <p>It is stored twice: per block in the object's footer, and whole as the value of a tree entry.
 * As a value: u64 nonce · u64 logical length · u32 offset of the first block in the object · u32
 * summary count · the block index as in the footer (per block: u32 stored length · u8 codec · 3
 * zero · u32 CRC of the stored bytes).
 *
 * <p>Immutable. Compared by value.
 */
public final class SegmentIndex {
  private static final int HEADER_BYTES = 24;

  private final Nonce nonce;
  private final long logicalLength;
  private final int firstBlockOffset;
  private final int summaryCount;
  private final int[] ends; // of block k in the object, relative to the first block
  private final byte[] codecs;
  private final int[] crcs;

  private SegmentIndex(
      Nonce nonce, long logicalLength, int firstBlockOffset, int summaryCount, int blocks) {
    this.nonce = nonce;
    this.logicalLength = logicalLength;
    this.firstBlockOffset = firstBlockOffset;
    this.summaryCount = summaryCount;
    this.ends = new int[blocks];
    this.codecs = new byte[blocks];
    this.crcs = new int[blocks];
  }

  /**
   * The index of a segment of these blocks.
   *
   * @param blocks as many as {@code logicalLength} needs, in order
   * @param summaryCount entries in the segment's summary
   */
  public static SegmentIndex of(
      Nonce nonce, long logicalLength, List<StoredBlock> blocks, int summaryCount) {
    if (blocks.size() != SegmentFormat.blocks(logicalLength)) {
      throw new IllegalArgumentException(
          "%d blocks cannot hold %d bytes".formatted(blocks.size(), logicalLength));
    }
    int first = Frame.headerLength(ObjectNames.segment(nonce));
    SegmentIndex index = new SegmentIndex(nonce, logicalLength, first, summaryCount, blocks.size());
    int end = 0;
    for (int k = 0; k < index.ends.length; k++) {
      StoredBlock block = blocks.get(k);
      end = Math.addExact(end, block.bytes().length);
      index.ends[k] = end;
      index.codecs[k] = (byte) block.codec().id();
      index.crcs[k] = block.crc();
    }
    return index;
  }

  /** The segment's name. */
  public Nonce nonce() {
    return nonce;
  }

  /** Length of the logical stream in bytes; 0 if the segment is a tombstone. */
  public long logicalLength() {
    return logicalLength;
  }

  /** Where in the object the first block begins, in bytes. */
  public int firstBlockOffset() {
    return firstBlockOffset;
  }

  /** How many entries the segment's summary has. */
  public int summaryCount() {
    return summaryCount;
  }

  /** How many blocks there are; they are numbered from 0. */
  public int blockCount() {
    return ends.length;
  }

  /** Where in the object a block begins, in bytes. */
  public long storedOffset(int block) {
    return firstBlockOffset + (long) (block == 0 ? 0 : ends[block - 1]);
  }

  /** Stored bytes of a block: at least 1, at most its logical bytes. */
  public int storedLength(int block) {
    return ends[block] - (block == 0 ? 0 : ends[block - 1]);
  }

  /** How a block is encoded. */
  public Codec codec(int block) {
    return Objects.requireNonNull(Codec.ofId(codecs[block]));
  }

  /** CRC32C of a block's stored bytes. */
  public int crc(int block) {
    return crcs[block];
  }

  /** Logical bytes of a block: {@link SegmentFormat#BLOCK_BYTES} in all but the last. */
  public int rawLength(int block) {
    Objects.checkIndex(block, ends.length);
    return (int)
        Math.min(
            SegmentFormat.BLOCK_BYTES, logicalLength - (long) block * SegmentFormat.BLOCK_BYTES);
  }

  /** Stored bytes of all blocks. */
  public long storedBytes() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Length of the whole object, frame included, in bytes. */
  public long objectLength() {
    return firstBlockOffset
        + storedBytes()
        + SegmentFooter.length(ends.length, summaryCount)
        + Frame.TRAILER_BYTES;
  }

  /** This index as the value of a tree entry. */
  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_BYTES + ends.length * SegmentFormat.INDEX_ENTRY_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(nonce.value()).putLong(logicalLength).putInt(firstBlockOffset).putInt(summaryCount);
    putEntries(out);
    return out.array();
  }

  /**
   * What {@link #encode} made.
   *
   * @throws IllegalArgumentException if it is not that, saying what is wrong
   */
  public static SegmentIndex decode(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    if (value.length < HEADER_BYTES) {
      throw new IllegalArgumentException("segment index of only " + value.length + " bytes");
    }
    Nonce nonce = new Nonce(in.getLong());
    long logicalLength = in.getLong();
    int firstBlockOffset = in.getInt();
    int summaryCount = in.getInt();
    if (firstBlockOffset < 0 || summaryCount < 0) {
      throw new IllegalArgumentException("segment index of " + nonce + " has a negative count");
    }
    return getEntries(nonce, logicalLength, firstBlockOffset, summaryCount, in);
  }

  /** Appends the block index as the footer has it. */
  void putEntries(ByteBuffer out) {
    for (int k = 0; k < ends.length; k++) {
      out.putInt(storedLength(k)).putInt(codecs[k]).putInt(crcs[k]);
    }
  }

  /**
   * Reads the block index as the footer has it; {@code in} holds just that.
   *
   * @throws IllegalArgumentException if it cannot be the index of a segment of this length
   */
  static SegmentIndex getEntries(
      Nonce nonce, long logicalLength, int firstBlockOffset, int summaryCount, ByteBuffer in) {
    if (logicalLength < 0 || logicalLength > SegmentFormat.LOGICAL_BYTES_MAX) {
      throw new IllegalArgumentException("segment cannot hold " + logicalLength + " bytes");
    }
    int blocks = SegmentFormat.blocks(logicalLength);
    if (in.remaining() != blocks * SegmentFormat.INDEX_ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "%d index bytes for %d blocks".formatted(in.remaining(), blocks));
    }
    SegmentIndex index =
        new SegmentIndex(nonce, logicalLength, firstBlockOffset, summaryCount, blocks);
    long end = 0;
    for (int k = 0; k < blocks; k++) {
      int length = in.getInt();
      int codec = in.getInt();
      if (length < 1
          || length > index.rawLength(k)
          || codec < 0
          || codec > 0xff
          || Codec.ofId(codec) == null) {
        throw new IllegalArgumentException(
            "block %d has stored length %d and codec %d".formatted(k, length, codec));
      }
      end += length;
      index.ends[k] = Math.toIntExact(end);
      index.codecs[k] = (byte) codec;
      index.crcs[k] = in.getInt();
    }
    return index;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SegmentIndex that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return nonce.hashCode();
  }

  @Override
  public String toString() {
    return "segment %s: %d bytes in %d blocks, %d stored"
        .formatted(nonce, logicalLength, ends.length, storedBytes());
  }
}
