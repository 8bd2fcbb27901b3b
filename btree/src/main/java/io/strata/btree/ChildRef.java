package io.strata.btree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An inner page's link to a child: where the child is stored, where it is in memory, or both. The
 * copies that epochs make of an inner page share the links that they have in common, so that what
 * is loaded for one is there for all.
 *
 * <p>The page in memory may be installed by any thread, a dirty one's address is set by whoever
 * writes the frozen tree; everything else is done under the tree's exclusive lock.
 */
final class ChildRef {
  private static final VarHandle NODE;

  static {
    try {
      NODE = MethodHandles.lookup().findVarHandle(ChildRef.class, "node", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Stands in a link that has left the tree, so that nothing is loaded into it any more. */
  private static final Node CUT = new Leaf(Node.LOADED, new Slots());

  private volatile @Nullable Node node;

  /** Where the page is, if what wrote it is committed. */
  private @Nullable PageAddress address;

  private @Nullable WriteAttempt writtenBy;

  /** A link to a page that is not stored. */
  ChildRef(Node node) {
    this.node = node;
  }

  /** A link to a page that is not in memory. */
  ChildRef(PageAddress address) {
    this.address = address;
    writtenBy = WriteAttempt.COMMITTED;
  }

  /** The page, or null if it is not in memory. */
  @Nullable Node node() {
    return node;
  }

  /** The page, which is known to be in memory: dirty, or just met under the same lock. */
  Node resident() {
    Node resident = node;
    if (resident == null) {
      throw new IllegalStateException("page " + address + " is not in memory");
    }
    return resident;
  }

  /** Where the page is stored, or null if it is dirty. */
  @Nullable PageAddress address() {
    WriteAttempt attempt = writtenBy;
    return attempt != null && attempt.committed() ? address : null;
  }

  /** Where the page is stored or where an attempt that is still going on has written it. */
  @Nullable PageAddress address(WriteAttempt current) {
    return writtenBy == current ? address : address();
  }

  /**
   * The page is dirty and was written. Not guarded by the lock: until the attempt is committed
   * nobody else looks at the address.
   */
  void written(PageAddress at, WriteAttempt attempt) {
    address = at;
    writtenBy = attempt;
  }

  /** Puts a loaded page in. False if one is there already, or the link was cut. */
  boolean install(Node loaded) {
    return NODE.compareAndSet(this, null, loaded);
  }

  /** Lets go of a stored page's memory. */
  void evict() {
    node = null;
  }

  /** The link has left the tree; false if its page is in memory, which it must not be. */
  boolean cut() {
    return NODE.compareAndSet(this, null, CUT);
  }

  /** Undoes {@link #cut}. */
  void mend() {
    node = null;
  }

  /** Lets go of a stored page that was replaced by a later epoch's, for good. */
  void discard() {
    node = CUT;
  }
}
