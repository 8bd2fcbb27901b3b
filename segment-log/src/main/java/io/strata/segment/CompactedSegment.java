package io.strata.segment;

import io.strata.segment.format.Codec;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * A segment of bytes that other segments hold already: what compaction writes. Nothing refers to it
 * before it is stored, and nothing is lost if it never is. Its blocks are zstd frames where that
 * pays: they have stayed for a while and are likely to go on doing so.
 *
 * <p>Confined to one thread. Holds all of its logical bytes in memory.
 */
public final class CompactedSegment {
  private static final int BLOCK_BYTES = SegmentFormat.BLOCK_BYTES;

  private final Nonce nonce;
  private final List<byte[]> blocks = new ArrayList<>();
  private final List<SummaryRun> summary = new ArrayList<>();
  private long length;

  /** An empty one; {@code nonce} is fresh. */
  public CompactedSegment(Nonce nonce) {
    this.nonce = nonce;
  }

  /** Its name. */
  public Nonce nonce() {
    return nonce;
  }

  /** Logical bytes so far. */
  public long length() {
    return length;
  }

  /**
   * Copies a run of a file's bytes to its end.
   *
   * @param ino the file's inode number, for the summary
   * @param fileOffset where in the file they belong, for the summary
   */
  public Placement append(MemorySegment bytes, long ino, long fileOffset) {
    long count = bytes.byteSize();
    Placement placement = new Placement(nonce, length);
    SummaryRun run = new SummaryRun(ino, fileOffset, length, count);
    for (long done = 0; done < count; ) {
      int inBlock = (int) (length % BLOCK_BYTES);
      if (inBlock == 0) {
        blocks.add(new byte[BLOCK_BYTES]);
      }
      int chunk = (int) Math.min(BLOCK_BYTES - inBlock, count - done);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, blocks.getLast(), inBlock, chunk);
      done += chunk;
      length += chunk;
    }
    if (!summary.isEmpty() && summary.getLast().continuedBy(run)) {
      summary.add(summary.removeLast().with(run));
    } else {
      summary.add(run);
    }
    return placement;
  }

  /**
   * Compresses and stores it, waiting as long as it takes; called once.
   *
   * @param workers compress, one block at a time: whoever writes now goes before
   * @throws FencedException if another owner has taken the volume over
   */
  public SegmentIndex put(OncePut puts, VolumeId volume, Executor workers)
      throws StoreException, FencedException, InterruptedIOException {
    List<StoredBlock> stored = new ArrayList<>(blocks.size());
    for (int k = 0; k < blocks.size(); k++) {
      long rest = length - (long) k * BLOCK_BYTES;
      byte[] block = blocks.set(k, new byte[0]);
      stored.add(
          encode(rest < BLOCK_BYTES ? Arrays.copyOf(block, (int) rest) : block, workers));
    }
    SegmentIndex index = SegmentIndex.of(nonce, length, stored, summary.size());
    SegmentFooter footer = new SegmentFooter(index, summary);
    return switch (puts.put(ObjectNames.segment(nonce), footer.object(volume, stored))) {
      case STORED -> index;
      case TAKEN -> throw new FencedException(nonce);
    };
  }

  private static StoredBlock encode(byte[] block, Executor workers) throws InterruptedIOException {
    try {
      return CompletableFuture.supplyAsync(() -> StoredBlock.encode(block, Codec.ZSTD), workers)
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while compressing");
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot compress a block", e);
    }
  }
}
