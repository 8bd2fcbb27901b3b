package io.strata.btree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory of a tree's pages, and knows which stored pages the tree has left behind.
 *
 * <p>Invariants, whenever nobody holds the tree's exclusive lock:
 *
 * <ul>
 *   <li><em>resident</em> is the memory of the pages that are in memory and reachable from the live
 *       root; <em>dirty</em> that of those among them that are not stored;
 *   <li><em>held</em> is the memory of dirty pages that have left the live tree and that the frozen
 *       tree still has to write;
 *   <li>a stored page is reachable from the live root, or in {@code superseded} of this ledger or
 *       of exactly one frozen tree, or will be when the frozen tree that it is written for is
 *       committed ({@code overtaken}).
 * </ul>
 *
 * <p>Guarded by the tree's exclusive lock, but for {@link #installed} and the reading of counts,
 * which any thread may do.
 */
final class PageLedger {
  private final AtomicLong resident = new AtomicLong();
  private final AtomicLong dirty = new AtomicLong();
  private final AtomicLong held = new AtomicLong();

  /** Stored pages that left the live tree since the last freeze. */
  private List<PageAddress> superseded = new ArrayList<>();

  /** Pages that left it while the frozen tree, which has them, was not yet committed. */
  private final List<ChildRef> overtaken = new ArrayList<>();

  private long epoch = Node.FIRST;
  private boolean frozen;

  /** The epoch whose pages may be changed in place. */
  long epoch() {
    return epoch;
  }

  long residentBytes() {
    return resident.get();
  }

  long dirtyBytes() {
    return dirty.get();
  }

  long heldBytes() {
    return held.get();
  }

  /** A page of the current epoch is new in the tree, or has changed. */
  void changed(Node node) {
    int now = node.footprint();
    int more = now - node.counted;
    if (more != 0) {
      node.counted = now;
      resident.addAndGet(more);
      dirty.addAndGet(more);
    }
  }

  /** A page was loaded. */
  void installed(Node node) {
    resident.addAndGet(node.counted);
  }

  /** A stored page is in memory no more. */
  void evicted(Node node) {
    resident.addAndGet(-node.counted);
  }

  /** A page, which is in memory, has left the tree: copied, emptied or merged into another. */
  void left(ChildRef ref) {
    Node node = ref.resident();
    resident.addAndGet(-node.counted);
    PageAddress address = ref.address();
    if (address != null) {
      superseded.add(address);
      ref.discard();
      return;
    }
    dirty.addAndGet(-node.counted);
    if (frozen && node.epoch < epoch) {
      overtaken.add(ref);
      held.addAndGet(node.counted);
    }
  }

  /** Begins the next epoch; returns what the one that ends has superseded. */
  List<PageAddress> freeze() {
    if (frozen) {
      throw new IllegalStateException("the tree is frozen already");
    }
    frozen = true;
    epoch++;
    List<PageAddress> ended = superseded;
    superseded = new ArrayList<>();
    return ended;
  }

  /**
   * The frozen tree is stored.
   *
   * @param bytes the memory of the pages that were dirty in it
   */
  void commit(long bytes) {
    dirty.addAndGet(held.get() - bytes);
    for (ChildRef ref : overtaken) {
      PageAddress address = ref.address();
      if (address == null) {
        throw new IllegalStateException("a dirty page was not written");
      }
      superseded.add(address);
    }
    thaw();
  }

  /** The frozen tree was not stored: its pages stay dirty, and the next one supersedes for it. */
  void abandon(List<PageAddress> ended) {
    superseded.addAll(ended);
    thaw();
  }

  private void thaw() {
    overtaken.clear();
    held.set(0);
    frozen = false;
  }
}
