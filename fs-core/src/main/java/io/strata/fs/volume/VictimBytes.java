package io.strata.fs.volume;

import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.store.ByteRange;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what is live of a segment with one get, past the cache: nobody has asked for these bytes.
 * Every block is verified before a byte of it is copied.
 */
final class VictimBytes {
  private VictimBytes() {}

  /**
   * Reads the bytes of extents of one segment.
   *
   * @param live in any order
   * @return the bytes of each
   */
  static Map<LiveExtent, byte[]> read(
      ObjectStore store, SegmentIndex index, Collection<LiveExtent> live) throws StoreException {
    Map<LiveExtent, byte[]> bytes = HashMap.newHashMap(live.size());
    List<LiveExtent> inOrder =
        live.stream()
            .sorted(Comparator.comparingLong(one -> one.extent().logicalOffset()))
            .toList();
    int first = SegmentFormat.blockAt(inOrder.getFirst().extent().logicalOffset());
    int last = inOrder.stream().mapToInt(VictimBytes::lastBlock).max().orElse(first);
    long start = index.storedOffset(first);
    long length = index.storedOffset(last) + index.storedLength(last) - start;
    ByteBuffer stored =
        store.get(ObjectNames.segment(index.nonce()), new ByteRange.Slice(start, length));
    int decodedNumber = -1;
    byte[] decoded = {};
    for (LiveExtent one : inOrder) {
      byte[] copy = new byte[Math.toIntExact(one.extent().length())];
      for (int done = 0; done < copy.length; ) {
        long at = one.extent().logicalOffset() + done;
        int block = SegmentFormat.blockAt(at);
        if (block != decodedNumber) {
          decoded = StoredBlock.decode(index, block, block(index, block, start, stored));
          decodedNumber = block;
        }
        int inBlock = (int) (at % SegmentFormat.BLOCK_BYTES);
        int chunk = Math.min(decoded.length - inBlock, copy.length - done);
        System.arraycopy(decoded, inBlock, copy, done, chunk);
        done += chunk;
      }
      bytes.put(one, copy);
    }
    return bytes;
  }

  private static int lastBlock(LiveExtent one) {
    return SegmentFormat.blockAt(one.extent().logicalOffset() + one.extent().length() - 1);
  }

  /** The stored form of a block; short if the object ended early, which is found out. */
  private static ByteBuffer block(SegmentIndex index, int block, long start, ByteBuffer stored) {
    int from = (int) Math.min(stored.remaining(), index.storedOffset(block) - start);
    int length = Math.min(stored.remaining() - from, index.storedLength(block));
    return stored.slice(stored.position() + from, length);
  }
}
