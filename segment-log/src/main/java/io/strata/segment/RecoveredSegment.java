package io.strata.segment;

import io.strata.segment.format.Codec;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A segment that its owner may never have stored, put by whoever takes over.
 *
 * <p>It holds what committed log entries carried of the segment inline, so that the extents that
 * refer to these bytes find them; nothing else of it was acknowledged. Without any such bytes it is
 * a tombstone. Either way the name is then settled: whether the old owner's put or this one came
 * first, there is one object for ever, and a log entry that needs more logical bytes than it has is
 * dead.
 *
 * <p>The object is a function of the runs alone (blocks are plain, the summary is empty), so that
 * two who recover the same log put the same bytes.
 */
public final class RecoveredSegment {
  private RecoveredSegment() {}

  /**
   * Settles what is under the name of a segment. Waits for the store.
   *
   * @param runs the segment's bytes from committed log entries, in the order of the log; gaps
   *     become zeros, a later run wins over an earlier one; empty for a tombstone
   * @return the index of the object that is there: this one, or what was there before
   * @throws StoreException.Corrupt if what was there before is damaged
   * @throws IllegalArgumentException if a run is of another segment, or no segment could hold it
   */
  public static SegmentIndex put(
      OncePut puts, ObjectStore store, VolumeId volume, Nonce nonce, List<InlineRun> runs)
      throws StoreException {
    List<StoredBlock> blocks = blocks(nonce, runs);
    SegmentIndex index = SegmentIndex.of(nonce, end(runs), blocks, 0);
    SegmentFooter footer = new SegmentFooter(index, List.of());
    return switch (puts.put(ObjectNames.segment(nonce), footer.object(volume, blocks))) {
      case STORED -> index;
      case TAKEN -> BlockReader.readIndex(store, volume, nonce);
    };
  }

  private static List<StoredBlock> blocks(Nonce nonce, List<InlineRun> runs) {
    long length = end(runs);
    if (length > SegmentFormat.LOGICAL_BYTES_MAX) {
      throw new IllegalArgumentException("segment cannot hold " + length + " bytes");
    }
    Map<Integer, byte[]> touched = new HashMap<>();
    for (InlineRun run : runs) {
      if (!run.nonce().equals(nonce) || run.logicalOffset() < 0) {
        throw new IllegalArgumentException("not a run of segment " + nonce + ": " + run);
      }
      fill(touched, run);
    }
    byte[] gap = new byte[SegmentFormat.BLOCK_BYTES];
    List<StoredBlock> blocks = new ArrayList<>();
    for (int k = 0; k < SegmentFormat.blocks(length); k++) {
      byte[] block = touched.getOrDefault(k, gap);
      long rest = length - (long) k * SegmentFormat.BLOCK_BYTES;
      byte[] raw = rest < block.length ? Arrays.copyOf(block, (int) rest) : block;
      blocks.add(StoredBlock.encode(raw, Codec.PLAIN));
    }
    return blocks;
  }

  private static void fill(Map<Integer, byte[]> touched, InlineRun run) {
    ByteBuffer bytes = run.bytes().duplicate();
    for (long at = run.logicalOffset(); bytes.hasRemaining(); ) {
      byte[] block =
          touched.computeIfAbsent(
              SegmentFormat.blockAt(at), k -> new byte[SegmentFormat.BLOCK_BYTES]);
      int inBlock = (int) (at % SegmentFormat.BLOCK_BYTES);
      int chunk = Math.min(SegmentFormat.BLOCK_BYTES - inBlock, bytes.remaining());
      bytes.get(block, inBlock, chunk);
      at += chunk;
    }
  }

  private static long end(List<InlineRun> runs) {
    return runs.stream().mapToLong(InlineRun::end).max().orElse(0);
  }
}
