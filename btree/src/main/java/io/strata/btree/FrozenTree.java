package io.strata.btree;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree as it was at a {@link BTree#freeze}, to be written by a checkpoint while the live tree
 * goes on changing.
 *
 * <p>{@link #write} needs no lock. It is followed, under the live tree's exclusive lock, by either
 * {@link #commit}, once what it wrote is durable, or {@link #close}. The live tree cannot be frozen
 * again before. Confined to one thread at a time.
 */
public final class FrozenTree implements AutoCloseable {
  private final PageLedger ledger;
  private final List<PageAddress> superseded;
  private @Nullable ChildRef root;

  /** The last call of {@link #write}. */
  private WriteAttempt attempt = new WriteAttempt();

  private boolean complete;

  /** The memory of the pages that it has written. */
  private long memoryWritten;

  private long bytesWritten;
  private int pagesWritten;

  FrozenTree(PageLedger ledger, ChildRef root, List<PageAddress> superseded) {
    this.ledger = ledger;
    this.root = root;
    this.superseded = List.copyOf(superseded);
  }

  /**
   * Writes the pages that are not stored yet, children before their parents and in the order of
   * keys. If it fails it may be called again, with the same sink or another, and writes all of them
   * again: what a failed call has written belongs to no tree.
   *
   * @return the address of the root, with which the tree can be opened
   * @throws IOException if the sink does
   */
  public PageAddress write(PageSink sink) throws IOException {
    attempt = new WriteAttempt();
    complete = false;
    memoryWritten = 0;
    bytesWritten = 0;
    pagesWritten = 0;
    PageAddress address = write(root(), sink);
    complete = true;
    return address;
  }

  private PageAddress write(ChildRef ref, PageSink sink) throws IOException {
    PageAddress stored = ref.address();
    if (stored != null) {
      return stored;
    }
    Node node = ref.resident();
    if (node instanceof Inner inner) {
      for (int i = 0; i < inner.count(); i++) {
        write(inner.child(i), sink);
      }
    }
    PageAddress address = sink.write(NodeCodec.encode(node, this::addressOf));
    ref.written(address, attempt);
    memoryWritten += node.counted;
    bytesWritten += address.length();
    pagesWritten++;
    return address;
  }

  private PageAddress addressOf(ChildRef ref) {
    PageAddress address = ref.address(attempt);
    if (address == null) {
      throw new IllegalStateException("a page is to be written before its child");
    }
    return address;
  }

  /**
   * The pages that the last committed frozen tree, or the root that the tree was opened with, has
   * and this one has not. Each page is reported by exactly one of the committed frozen trees. What
   * a frozen tree reported that was not committed is reported by the next.
   */
  public List<PageAddress> superseded() {
    return superseded;
  }

  /** How many pages the last call of {@link #write} has written. */
  public int pagesWritten() {
    return pagesWritten;
  }

  /** The stored length of the pages that the last call of {@link #write} has written. */
  public long bytesWritten() {
    return bytesWritten;
  }

  /**
   * What was written is durable: its pages count as clean from now on, and may be evicted and
   * loaded again. Takes no time to speak of. Guarded by the live tree's exclusive lock.
   *
   * @throws IllegalStateException if {@link #write} has not succeeded, or this has ended
   */
  public void commit() {
    root();
    if (!complete) {
      throw new IllegalStateException("the frozen tree has not been written");
    }
    attempt.commit();
    ledger.commit(memoryWritten);
    root = null;
  }

  /**
   * Ends this. If it was not committed, its pages are dirty still, and the next frozen tree has
   * them. Guarded by the live tree's exclusive lock, except after {@link #commit}, when it does
   * nothing.
   */
  @Override
  public void close() {
    if (root != null) {
      ledger.abandon(superseded);
      root = null;
    }
  }

  private ChildRef root() {
    if (root == null) {
      throw new IllegalStateException("the frozen tree has ended");
    }
    return root;
  }
}
