package io.strata.btree;

import java.util.Arrays;

/** A page of separators and, between them, links to children. */
final class Inner extends Node {
  private static final int OVERHEAD_BYTES = 64;

  /** A link with its address, and its place in the array. */
  private static final int CHILD_FOOTPRINT_BYTES = 72;

  private static final byte[] NO_VALUE = {};

  private final int level;

  /** The keys that this and all below it may hold. */
  private KeyRange range;

  /** The links; {@code slots.count() + 1} of them. */
  private ChildRef[] children;

  private int lastInsert = -2;

  Inner(long epoch, int level, KeyRange range, Slots separators, ChildRef[] children) {
    super(epoch, separators);
    this.level = level;
    this.range = range;
    this.children = children;
  }

  /** A new root, with the old one as its only child. */
  static Inner above(long epoch, int level, ChildRef child) {
    return new Inner(epoch, level, KeyRange.ALL, new Slots(), new ChildRef[] {child});
  }

  /** The number of children, at least 1. */
  int count() {
    return slots.count() + 1;
  }

  ChildRef child(int i) {
    return children[i];
  }

  void child(int i, ChildRef ref) {
    children[i] = ref;
  }

  /** Which child's range a key is in. */
  int indexOf(byte[] key) {
    int found = slots.find(key);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The last child whose range has keys below one. */
  int lastBelow(byte[] key) {
    int found = slots.find(key);
    return found >= 0 ? found : -found - 1;
  }

  /** The lower bound of child {@code i}'s range, {@code i} at least 1. */
  byte[] separator(int i) {
    return slots.key(i - 1);
  }

  /** The keys that child {@code i} may hold. */
  KeyRange range(int i) {
    return new KeyRange(
        i > 0 ? separator(i) : range.from(), i + 1 < count() ? separator(i + 1) : range.to());
  }

  /** Adds a child at {@code i}, at least 1, whose range begins at a separator. */
  void insert(int i, byte[] separator, ChildRef ref) {
    int count = count();
    if (count == children.length) {
      children = Arrays.copyOf(children, count + (count >>> 2) + 4);
    }
    System.arraycopy(children, i, children, i + 1, count - i);
    children[i] = ref;
    slots.insert(i - 1, separator, NO_VALUE);
    lastInsert = i;
  }

  /** Takes a child out; its range goes to the child after it, or to the one before it. */
  void remove(int i, boolean rangeToNext) {
    slots.remove(rangeToNext ? i : i - 1);
    int count = count();
    System.arraycopy(children, i + 1, children, i, count - i);
    if (count < children.length / 2) {
      children = Arrays.copyOf(children, count);
    } else {
      Arrays.fill(children, count, children.length, null);
    }
    lastInsert = -2;
  }

  /** The first child of the right part of a split; each part gets two at least. */
  int cut() {
    int count = count();
    return lastInsert == count - 1 ? count - 2 : count / 2;
  }

  /** Moves children from {@code at} on to a new page. The separator between is in neither. */
  Inner split(int at) {
    int count = count();
    byte[] separator = separator(at);
    Inner right =
        new Inner(
            epoch,
            level,
            new KeyRange(separator, range.to()),
            slots.section(at, slots.count()),
            Arrays.copyOfRange(children, at, count));
    range = new KeyRange(range.from(), separator);
    slots.retain(0, at - 1);
    children = Arrays.copyOf(children, at);
    lastInsert = -2;
    return right;
  }

  /**
   * A page of {@code left}'s children and then {@code right}'s, whose range begins at a separator.
   */
  static Inner join(long epoch, Inner left, byte[] separator, Inner right) {
    Slots middle = new Slots();
    middle.insert(0, separator, NO_VALUE);
    ChildRef[] children = Arrays.copyOf(left.children, left.count() + right.count());
    System.arraycopy(right.children, 0, children, left.count(), right.count());
    return new Inner(
        epoch,
        left.level,
        new KeyRange(left.range.from(), right.range.to()),
        Slots.join(Slots.join(left.slots, middle), right.slots),
        children);
  }

  @Override
  int level() {
    return level;
  }

  @Override
  int bytes() {
    // Each child has an address; the first, which is not in the slots, also two lengths.
    return slots.bytes() + PageAddress.BYTES * count() + 2;
  }

  @Override
  int footprint() {
    return OVERHEAD_BYTES + slots.footprint() + CHILD_FOOTPRINT_BYTES * children.length;
  }

  @Override
  Inner copy(long epoch) {
    Inner copy = new Inner(epoch, level, range, slots.copy(), Arrays.copyOf(children, count()));
    copy.lastInsert = lastInsert;
    return copy;
  }

  @Override
  Inner reloaded(KeyRange range) {
    ChildRef[] links = new ChildRef[count()];
    for (int i = 0; i < links.length; i++) {
      PageAddress address = children[i].address();
      if (address == null) {
        throw new IllegalStateException("a stored page has a child that is not stored");
      }
      links[i] = new ChildRef(address);
    }
    return new Inner(LOADED, level, range, slots, links);
  }
}
