package io.strata.btree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An inner page's link to a child: where the child is stored, where it is in memory, or both. The
 * copies that epochs make of an inner page share the links that they have in common, so that what
 * is loaded for one is there for all.
 *
 * <p>The page in memory may be installed by any thread; everything else is done under the tree's
 * exclusive lock.
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
  private @Nullable PageAddress address;

  /** A link to a page that is not stored. */
  ChildRef(Node node) {
    this.node = node;
  }

  /** A link to a page that is not in memory. */
  ChildRef(PageAddress address) {
    this.address = address;
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
    return address;
  }

  /** The page was stored. */
  void stored(PageAddress at) {
    address = at;
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
