package io.strata.fsck.space;

import io.strata.fsck.bucket.Bucket;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Reads a segment from its first byte to its last, a few MiB at a time, and verifies every block
 * and the frame around them. Safe for any number of threads.
 */
final class Scrub {
  private static final int CHUNK_BYTES_MAX = 2 << 20;
  private static final byte[] END = end();

  private final Bucket bucket;

  private final Throttle throttle;

  Scrub(Bucket bucket, Throttle throttle) {
    this.bucket = bucket;
    this.throttle = throttle;
  }

  /**
   * A block that is not what was written.
   *
   * @param number from 0
   * @param from its first logical byte
   * @param end the logical byte behind its last
   * @param damage what is wrong with it
   */
  record BadBlock(int number, long from, long end, String damage) {}

  /**
   * What a scrub came to.
   *
   * @param blocks those that are damaged, in order
   * @param whole whether the frame's checksum fits
   */
  record Outcome(List<BadBlock> blocks, boolean whole) {}

  /**
   * Verifies a segment.
   *
   * @throws StoreException.Missing if it is not there
   */
  Outcome verify(SegmentIndex index) throws StoreException {
    List<BadBlock> bad = new ArrayList<>();
    CRC32C crc = new CRC32C();
    long at = 0;
    int block = 0;
    boolean whole = false;
    do {
      int next = chunkEnd(index, block);
      long end = next == index.blockCount() ? index.objectLength() : index.storedOffset(next);
      ByteBuffer chunk = read(index.nonce(), at, end);
      for (; block < next; block++) {
        decode(
            index,
            block,
            part(chunk, index.storedOffset(block) - at, index.storedLength(block)),
            bad);
      }
      if (next == index.blockCount()) {
        whole = trailerFits(chunk, (int) (end - at), crc);
      } else {
        crc.update(chunk.duplicate());
      }
      at = end;
    } while (at < index.objectLength());
    return new Outcome(bad, whole);
  }

  /** The first block that does not fit into a chunk that begins with {@code first}. */
  private static int chunkEnd(SegmentIndex index, int first) {
    int next = first;
    long length = 0;
    while (next < index.blockCount()
        && (next == first || length + index.storedLength(next) <= CHUNK_BYTES_MAX)) {
      length += index.storedLength(next++);
    }
    return next;
  }

  private ByteBuffer read(Nonce nonce, long from, long end) throws StoreException {
    throttle.take(end - from);
    ObjectKey key = ObjectNames.segment(nonce);
    return bucket.read(key, new ByteRange.Slice(from, end - from));
  }

  /** A part of a chunk, or what there is of it. */
  private static ByteBuffer part(ByteBuffer chunk, long from, int length) {
    int start = (int) Math.min(from, chunk.remaining());
    return chunk.slice(chunk.position() + start, Math.min(length, chunk.remaining() - start));
  }

  private static void decode(SegmentIndex index, int block, ByteBuffer stored, List<BadBlock> bad) {
    try {
      StoredBlock.decode(index, block, stored);
    } catch (StoreException.Corrupt e) {
      long from = (long) block * SegmentFormat.BLOCK_BYTES;
      bad.add(
          new BadBlock(block, from, from + index.rawLength(block), String.valueOf(e.getMessage())));
    }
  }

  /** Whether the frame ends as it must, {@code crc} having taken everything before this chunk. */
  private static boolean trailerFits(ByteBuffer last, int expectedBytes, CRC32C crc) {
    if (last.remaining() != expectedBytes) {
      return false;
    }
    int framed = expectedBytes - Frame.TRAILER_BYTES;
    crc.update(last.slice(last.position(), framed));
    ByteBuffer trailer =
        last.slice(last.position() + framed, Frame.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return trailer.getInt() == (int) crc.getValue() && trailer.equals(ByteBuffer.wrap(END));
  }

  /** How every frame ends: what follows the checksum in the trailer. */
  private static byte[] end() {
    VolumeId anyVolume = new VolumeId(new UUID(0, 0));
    byte[] frame = Frame.wrap(FrameKind.VOLUME, anyVolume, ObjectNames.VOLUME, List.of()).toBytes();
    return Arrays.copyOfRange(
        frame, frame.length - Frame.TRAILER_BYTES + Integer.BYTES, frame.length);
  }
}
