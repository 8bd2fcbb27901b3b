package io.strata.segment.format;

import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A block as it is stored.
 *
 * @param codec how {@code bytes} encode the block
 * @param bytes the stored bytes; whoever has them does not change them
 * @param crc the CRC32C of {@code bytes}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy would cost what it saves
public record StoredBlock(Codec codec, byte[] bytes, int crc) {
  /**
   * Encodes a block with {@code preferred}, or plain where that does not save a sixteenth.
   *
   * @param raw the whole block, 1 to {@link SegmentFormat#BLOCK_BYTES} bytes; a plain block keeps
   *     this very array
   */
  public static StoredBlock encode(byte[] raw, Codec preferred) {
    byte @Nullable [] smaller = preferred.encode(raw);
    return smaller == null
        ? new StoredBlock(Codec.PLAIN, raw, crcOf(ByteBuffer.wrap(raw)))
        : new StoredBlock(preferred, smaller, crcOf(ByteBuffer.wrap(smaller)));
  }

  /**
   * Verifies and decodes a block.
   *
   * @param index the index of the block's segment
   * @param block the block's number, from 0
   * @param stored what the store holds of the block; fewer bytes if the object ends early
   * @return the block's logical bytes, in a new array
   * @throws StoreException.Corrupt naming object, block and offset, if these are not the bytes that
   *     were written
   */
  public static byte[] decode(SegmentIndex index, int block, ByteBuffer stored)
      throws StoreException.Corrupt {
    byte[] array;
    int offset;
    int length = stored.remaining();
    if (stored.hasArray()) {
      array = stored.array();
      offset = stored.arrayOffset() + stored.position();
    } else {
      array = new byte[length];
      offset = 0;
      stored.duplicate().get(array);
    }
    verify(index, block, array, offset, length);
    return decode(index, block, array, offset, length);
  }

  /**
   * The same of an array that the caller gives away: of a plain block it is what is returned.
   *
   * @throws StoreException.Corrupt as {@link #decode(SegmentIndex, int, ByteBuffer)}
   */
  public static byte[] decode(SegmentIndex index, int block, byte[] stored)
      throws StoreException.Corrupt {
    verify(index, block, stored, 0, stored.length);
    return index.codec(block) == Codec.PLAIN && stored.length == index.rawLength(block)
        ? stored
        : decode(index, block, stored, 0, stored.length);
  }

  private static void verify(
      SegmentIndex index, int block, byte[] array, int offset, int length)
      throws StoreException.Corrupt {
    if (length != index.storedLength(block)) {
      throw corrupt(index, block, "only " + length + " bytes are there");
    }
    CRC32C crc = new CRC32C();
    crc.update(array, offset, length);
    int found = (int) crc.getValue();
    if (found != index.crc(block)) {
      throw corrupt(index, block, "checksum is %08x, not %08x".formatted(found, index.crc(block)));
    }
  }

  private static byte[] decode(
      SegmentIndex index, int block, byte[] array, int offset, int length)
      throws StoreException.Corrupt {
    byte @Nullable [] raw =
        index.codec(block).decode(array, offset, length, index.rawLength(block));
    if (raw == null) {
      throw corrupt(
          index,
          block,
          index.codec(block) + " does not yield " + index.rawLength(block) + " bytes");
    }
    return raw;
  }

  private static StoreException.Corrupt corrupt(SegmentIndex index, int block, String what) {
    return new StoreException.Corrupt(
        ObjectNames.segment(index.nonce()),
        "block %d at %d+%d: %s"
            .formatted(block, index.storedOffset(block), index.storedLength(block), what));
  }

  private static int crcOf(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
