package io.strata.segment;

import io.strata.segment.format.SegmentIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Missing blocks that lie side by side in a segment, claimed by one reader to be got at once.
 * Confined to the claiming thread, then to the one that gets them.
 */
final class BlockRun {
  private final SegmentIndex index;
  private final int first;
  private final boolean ahead;
  private final List<CompletableFuture<byte[]>> blocks = new ArrayList<>();

  /**
   * An empty run.
   *
   * @param first the block that will be added first
   * @param ahead whether nobody waits for them yet
   */
  BlockRun(SegmentIndex index, int first, boolean ahead) {
    this.index = index;
    this.first = first;
    this.ahead = ahead;
  }

  SegmentIndex index() {
    return index;
  }

  boolean ahead() {
    return ahead;
  }

  /** How many blocks it has. */
  int size() {
    return blocks.size();
  }

  /** The block that would continue it. */
  int end() {
    return first + blocks.size();
  }

  void add(CompletableFuture<byte[]> block) {
    blocks.add(block);
  }

  /** The number in the segment of the run's {@code i}-th block. */
  int block(int i) {
    return first + i;
  }

  BlockKey key(int i) {
    return new BlockKey(index.nonce().value(), block(i));
  }

  CompletableFuture<byte[]> future(int i) {
    return blocks.get(i);
  }

  /** Room for what the object has of the run's {@code i}-th block, if so many bytes are left of it. */
  byte[] stored(int i, int left) {
    return new byte[Math.min(index.storedLength(block(i)), left)];
  }

  /** Where in the object the run begins. */
  long storedOffset() {
    return index.storedOffset(first);
  }

  /** Stored bytes of all its blocks. */
  int storedLength() {
    int last = end() - 1;
    return Math.toIntExact(index.storedOffset(last) + index.storedLength(last) - storedOffset());
  }
}
