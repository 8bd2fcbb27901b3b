package io.strata.btree;

import java.util.Arrays;

/** A page of the tree's entries. */
final class Leaf extends Node {
  private static final int OVERHEAD_BYTES = 48;

  /** How many inserts, each right after the one before, make a run. */
  private static final int RUN = 8;

  private int lastInsert = -2;
  private int run;

  Leaf(long epoch, Slots slots) {
    super(epoch, slots);
  }

  /** Adds an entry where it belongs. */
  void insert(int i, byte[] key, byte[] value) {
    slots.insert(i, key, value);
    run = i == lastInsert + 1 ? run + 1 : 0;
    lastInsert = i;
  }

  /** Takes an entry out. */
  void remove(int i) {
    slots.remove(i);
    lastInsert = -2;
    run = 0;
  }

  /** Whether the last insert was at the end: what follows is likely to go there too. */
  boolean appended() {
    return lastInsert == slots.count() - 1;
  }

  /**
   * Where to split. In a run of ascending inserts, behind the last one, so that the left page goes
   * on to be filled; else where the larger part is smallest.
   *
   * @return the index of the first entry of the right part, 1 to count - 1
   */
  int cut() {
    int count = slots.count();
    if (appended()) {
      return count - 1;
    }
    if (run >= RUN) {
      return lastInsert + 1;
    }
    int right = slots.bytes() - slots.prefix().length;
    int left = 0;
    int at = 0;
    do {
      int next = slots.entryBytes(at);
      if (at > 0 && left + next >= right) {
        break;
      }
      left += next;
      right -= next;
      at++;
    } while (at < count - 1);
    return at;
  }

  /** Moves entries from {@code at} on to a new leaf. */
  Leaf split(int at) {
    Leaf right = new Leaf(epoch, slots.section(at, slots.count()));
    slots.retain(0, at);
    lastInsert = -2;
    run = 0;
    return right;
  }

  /** The shortest key above all of this page's and not above any of {@code right}'s. */
  byte[] separator(Leaf right) {
    byte[] last = slots.key(slots.count() - 1);
    byte[] first = right.slots.key(0);
    return Arrays.copyOf(first, Slots.shared(last, first) + 1);
  }

  @Override
  int level() {
    return 0;
  }

  @Override
  int bytes() {
    return slots.bytes();
  }

  @Override
  int footprint() {
    return OVERHEAD_BYTES + slots.footprint();
  }

  @Override
  Leaf copy(long epoch) {
    Leaf copy = new Leaf(epoch, slots.copy());
    copy.lastInsert = lastInsert;
    copy.run = run;
    return copy;
  }

  @Override
  Leaf reloaded(KeyRange range) {
    return new Leaf(LOADED, slots);
  }
}
