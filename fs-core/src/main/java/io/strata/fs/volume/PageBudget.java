package io.strata.fs.volume;

import io.strata.btree.BTree;

/**
 * Holds operations back while too many tree pages wait for a checkpoint. Safe for any thread.
 *
 * <p>A checkpoint is asked for at half the limit, so that one who changes metadata steadily is
 * seldom held.
 */
final class PageBudget {
  private final BTree tree;
  private final long dirtyBytesMax;
  private Runnable request = () -> {};
  private boolean open = true;

  PageBudget(BTree tree, long dirtyBytesMax) {
    this.tree = tree;
    this.dirtyBytesMax = dirtyBytesMax;
  }

  /** Says how to ask for a checkpoint. */
  synchronized void whenFull(Runnable requestCheckpoint) {
    request = requestCheckpoint;
  }

  /** Whether a checkpoint should begin. */
  boolean wantsCheckpoint() {
    return tree.dirtyBytes() > dirtyBytesMax / 2;
  }

  /** Whether an operation may go on. */
  boolean hasRoom() {
    return tree.dirtyBytes() <= dirtyBytesMax;
  }

  /** Waits until one may, or the volume closes. */
  synchronized void awaitRoom() throws InterruptedException {
    while (open && !hasRoom()) {
      request.run();
      wait();
    }
  }

  /** A checkpoint has begun, ended or failed: those who wait look again. */
  synchronized void changed() {
    notifyAll();
  }

  /** Lets everybody go on, to be told that the volume is closed. */
  synchronized void close() {
    open = false;
    notifyAll();
  }
}
