package io.strata.btree;

import io.strata.btree.format.PageCodec;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy-on-write B+tree of byte keys, in unsigned order, whose pages are loaded on demand.
 *
 * <p>The caller guards it by a read-write lock: <em>shared</em> methods may run at the same time as
 * each other, <em>exclusive</em> ones alone. {@link PageMissing#load} and {@link FrozenTree#write}
 * are called without the lock, beside any of them. No method here does I/O.
 *
 * <p>Every operation may throw {@link PageMissing} before it has changed anything. The caller then
 * leaves the lock, loads the page and starts the whole operation again. A group of changes that
 * must not stop half-way first calls {@link #touch} for all its keys: while the exclusive lock is
 * held after that, {@link #put} and {@link #delete} of these keys cannot throw.
 *
 * <p>Arrays that are given are copied, arrays that are returned are the caller's own.
 */
public final class BTree {
  private final LiveTree tree;
  private final TreeReader reader;
  private final TreeWriter writer;
  private final ClockSweep sweep;
  private final TreeSizes sizes;

  private BTree(LiveTree tree, TreeSizes sizes) {
    this.tree = tree;
    this.sizes = sizes;
    reader = new TreeReader(tree);
    writer = new TreeWriter(tree);
    sweep = new ClockSweep(tree);
  }

  /** An empty tree, which will read from {@code source} what its checkpoints have written. */
  public static BTree create(PageSource source, TreeSizes sizes) {
    Leaf empty = new Leaf(Node.FIRST, new Slots());
    LiveTree tree = new LiveTree(new ChildRef(empty), source, sizes, new SparePages());
    tree.ledger.changed(empty);
    return new BTree(tree, sizes);
  }

  /** The tree that {@link FrozenTree#write} has stored under a root. Reads nothing yet. */
  public static BTree open(PageSource source, PageAddress root, TreeSizes sizes) {
    return new BTree(
        new LiveTree(new ChildRef(root), source, sizes, new SparePages()), sizes);
  }

  /**
   * The tree that somebody has stored under another root since this one was opened, from the same
   * source. What this one has in memory of the pages that both have is not read again. Exclusive;
   * both may be used afterwards, each under a lock of its own.
   */
  public BTree reopen(PageAddress root) {
    return new BTree(
        new LiveTree(new ChildRef(root), tree.loader.source(), sizes, SparePages.of(tree)), sizes);
  }

  /** The value of a key, or null if there is none. Shared. */
  public byte @Nullable [] get(byte[] key) throws PageMissing {
    return reader.get(key);
  }

  /**
   * Visits entries in ascending order until the visitor has enough. Shared.
   *
   * <p>If it throws {@link PageMissing} the visitor has seen the entries before the missing page.
   * It sees them again if the scan is started again as a whole; a long one is better started behind
   * the last key that was seen.
   *
   * @param from the least key to visit
   * @param toExclusive what keys must be below, or null for all that follow
   */
  public void scan(byte[] from, byte @Nullable [] toExclusive, Visitor visitor) throws PageMissing {
    reader.scan(from, toExclusive, visitor);
  }

  /** The last entry whose key is not above {@code key}, or null if there is none. Shared. */
  public @Nullable Entry floor(byte[] key) throws PageMissing {
    return reader.floor(key);
  }

  /**
   * Gives a key a value, and returns the one that it had, or null. Exclusive.
   *
   * @param key at most {@link PageCodec#KEY_BYTES_MAX} bytes, possibly none
   * @param value together with the key at most {@link PageCodec#ENTRY_BYTES_MAX} bytes
   * @throws IllegalArgumentException if they have more
   */
  public byte @Nullable [] put(byte[] key, byte[] value) throws PageMissing {
    if (key.length > PageCodec.KEY_BYTES_MAX
        || key.length + value.length > PageCodec.ENTRY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key of %d bytes with a value of %d".formatted(key.length, value.length));
    }
    return writer.put(key, value);
  }

  /** Removes a key, and returns the value that it had, or null. Exclusive. */
  public byte @Nullable [] delete(byte[] key) throws PageMissing {
    return writer.delete(key);
  }

  /**
   * Has the next checkpoint write a leaf, and the pages above it, anew if the leaf is stored at an
   * address of a certain kind; nothing that they say changes. Exclusive.
   *
   * @param key any key in the leaf's range
   * @return the least key of the next leaf's range, or null if there is none
   */
  public byte @Nullable [] renew(byte[] key, Predicate<PageAddress> kind) throws PageMissing {
    return writer.renew(key, kind);
  }

  /** Makes sure that a key can be put or deleted without loading anything. Exclusive. */
  public void touch(byte[] key) throws PageMissing {
    tree.leaf(key);
  }

  /**
   * Begins a checkpoint: what is in the tree now, to be written beside later changes. Takes no time
   * to speak of. Exclusive.
   *
   * @throws IllegalStateException if the last frozen tree is neither committed nor closed
   */
  public FrozenTree freeze() {
    return new FrozenTree(tree.ledger, tree.root(), tree.ledger.freeze());
  }

  /**
   * Evicts stored pages that have not been used since it was last called, if pages have more memory
   * than {@link TreeSizes#residentBytesMax}. Cheap if they have not; else it looks at a bounded
   * number of pages, so it belongs after every operation that may have made or loaded some.
   * Exclusive.
   */
  public void trim() {
    long max = sizes.residentBytesMax();
    tree.spares.shrink(max - tree.ledger.residentBytes() - tree.ledger.heldBytes());
    long clean = tree.ledger.residentBytes() - tree.ledger.dirtyBytes();
    // Where dirty pages have taken all the room, some is left for those that operations need now.
    if (residentBytes() > max && clean > max >>> 6) {
      sweep.run(max - (max >>> 4));
    }
  }

  /**
   * The memory of all pages, those included that only a frozen tree still has or that the tree was
   * reopened with, in bytes. Any thread.
   */
  public long residentBytes() {
    return tree.ledger.residentBytes() + tree.ledger.heldBytes() + tree.spares.bytes();
  }

  /**
   * The memory of the pages that the next checkpoint would write, in bytes. They cannot be evicted;
   * whoever changes the tree must checkpoint before they are too many. Any thread.
   */
  public long dirtyBytes() {
    return tree.ledger.dirtyBytes();
  }

  /** For the tests of this package. */
  LiveTree live() {
    return tree;
  }
}
