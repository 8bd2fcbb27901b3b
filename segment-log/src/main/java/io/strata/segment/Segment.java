package io.strata.segment;

import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentFormat;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.StoredBlock;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Nonce;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A segment from its first byte until memory can forget it.
 *
 * <p>It is open, then sealed, then encoded, then acknowledged by the store and indexed in the tree
 * (in either order), then released. Everything is guarded by the log's lock, except:
 *
 * <ul>
 *   <li>reading: the length is written last and read first, the bytes below it never change, and an
 *       array lives for as long as a reader has it;
 *   <li>encoding: each block by one task; the task that ends last, counted by {@code encodings},
 *       sees the work of all.
 * </ul>
 */
final class Segment {
  private static final int BLOCK_BYTES = SegmentFormat.BLOCK_BYTES;

  private final Nonce nonce;
  private final List<SummaryRun> summary = new ArrayList<>();
  private final CompletableFuture<SegmentIndex> index = new CompletableFuture<>();
  private final CompletableFuture<Void> stored = new CompletableFuture<>();

  /** Blocks being encoded, and one more while the segment is open. */
  private final AtomicInteger encodings = new AtomicInteger(1);

  private volatile Block[] blocks = new Block[4];
  private volatile long length;
  private long attached;
  private boolean acknowledged;
  private boolean indexed;

  Segment(Nonce nonce) {
    this.nonce = nonce;
  }

  Nonce nonce() {
    return nonce;
  }

  /** Logical bytes so far; readable without the lock. */
  long length() {
    return length;
  }

  int summaryCount() {
    return summary.size();
  }

  /** What others may know of it once it is sealed. */
  SealedSegment sealedView() {
    return new SealedSegment(nonce, length, index, stored);
  }

  /**
   * Appends a run.
   *
   * @return the blocks that it filled, to be encoded
   */
  List<Block> append(MemorySegment bytes, long ino, long fileOffset) {
    long start = length;
    long count = bytes.byteSize();
    for (long done = 0; done < count; ) {
      long at = start + done;
      int inBlock = (int) (at % BLOCK_BYTES);
      int chunk = (int) Math.min(BLOCK_BYTES - inBlock, count - done);
      byte[] target = blockFor(SegmentFormat.blockAt(at)).bytes();
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, done, target, inBlock, chunk);
      done += chunk;
    }
    // Nothing above counts if the source failed half way: it is overwritten by the next append.
    summarize(new SummaryRun(ino, fileOffset, start, count));
    int firstFilled = SegmentFormat.blockAt(start);
    int endFilled = SegmentFormat.blockAt(start + count);
    encodings.addAndGet(endFilled - firstFilled);
    length = start + count;
    return Arrays.asList(blocks).subList(firstFilled, endFilled);
  }

  private Block blockFor(int number) {
    Block[] all = blocks;
    if (number == all.length) {
      all = Arrays.copyOf(all, 2 * number);
      blocks = all;
    }
    Block block = all[number];
    if (block == null) {
      block = new Block(new byte[BLOCK_BYTES]);
      all[number] = block;
    }
    return block;
  }

  private void summarize(SummaryRun run) {
    if (!summary.isEmpty() && summary.getLast().continuedBy(run)) {
      summary.set(summary.size() - 1, summary.getLast().with(run));
    } else {
      summary.add(run);
    }
  }

  /**
   * Takes no more bytes.
   *
   * @return the last block, if it is short, to be encoded; the caller says {@link #encodingEnded}
   *     once more than for each block handed out
   */
  List<Block> seal() {
    int inLast = (int) (length % BLOCK_BYTES);
    if (inLast == 0) {
      return List.of();
    }
    int last = SegmentFormat.blockAt(length);
    blocks[last] = new Block(Arrays.copyOf(blocks[last].bytes(), inLast));
    encodings.incrementAndGet();
    return List.of(blocks[last]);
  }

  /** Returns whether the segment is sealed and all its blocks are encoded now. */
  boolean encodingEnded() {
    return encodings.decrementAndGet() == 0;
  }

  /** The footer, once all blocks are encoded. */
  SegmentFooter footer() {
    return new SegmentFooter(
        SegmentIndex.of(nonce, length, storedBlocks(), summary.size()), summary);
  }

  /** The stored form of all blocks, once they are encoded. */
  List<StoredBlock> storedBlocks() {
    Block[] all = blocks;
    List<StoredBlock> list = new ArrayList<>(blockCount());
    for (int k = 0; k < blockCount(); k++) {
      list.add(all[k].stored());
    }
    return list;
  }

  int blockCount() {
    return SegmentFormat.blocks(length);
  }

  /** The logical bytes of a block of a sealed segment. */
  byte[] block(int number) {
    return blocks[number].bytes();
  }

  void dropStored() {
    Block[] all = blocks;
    for (int k = 0; k < blockCount(); k++) {
      all[k].dropStored();
    }
  }

  /** Copies logical bytes; needs no lock. */
  void read(long logicalOffset, MemorySegment target) {
    long count = target.byteSize();
    Objects.checkFromIndexSize(logicalOffset, count, length);
    Block[] all = blocks; // after the length: it has every block below it
    for (long done = 0; done < count; ) {
      long at = logicalOffset + done;
      int inBlock = (int) (at % BLOCK_BYTES);
      int chunk = (int) Math.min(BLOCK_BYTES - inBlock, count - done);
      byte[] source = all[SegmentFormat.blockAt(at)].bytes();
      MemorySegment.copy(source, inBlock, target, ValueLayout.JAVA_BYTE, done, chunk);
      done += chunk;
    }
  }

  /** Bytes that no log entry carries or names yet. */
  long unattached() {
    return length - attached;
  }

  /** Hands the unattached bytes to a log entry that carries them. */
  InlineRun attachInline() {
    byte[] copy = new byte[Math.toIntExact(unattached())];
    read(attached, MemorySegment.ofArray(copy));
    InlineRun run = new InlineRun(nonce, attached, ByteBuffer.wrap(copy).asReadOnlyBuffer());
    attached = length;
    return run;
  }

  /** Hands the unattached bytes of a sealed segment to a log entry that names it. */
  Dependency attachWhole() {
    attached = length;
    return new Dependency(nonce, length, stored);
  }

  void acknowledge() {
    acknowledged = true;
  }

  void index() {
    indexed = true;
  }

  boolean isIndexed() {
    return indexed;
  }

  /** Whether whoever needs its bytes finds them in the store. */
  boolean releasable() {
    return acknowledged && indexed;
  }

  void completeIndex(SegmentIndex done) {
    index.complete(done);
  }

  void completeStored() {
    stored.complete(null);
  }

  void fail(Throwable why) {
    index.completeExceptionally(why);
    stored.completeExceptionally(why);
  }
}
