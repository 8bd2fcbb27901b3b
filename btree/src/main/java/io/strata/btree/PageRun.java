package io.strata.btree;

import java.util.ArrayList;
import java.util.List;

/**
 * A page to be loaded, and siblings that are stored right behind it and may come along.
 *
 * @param level what the pages must be at, or {@link #ANY_LEVEL}
 * @param pages the missing page first
 */
record PageRun(int level, List<Page> pages) {
  /** The root may be at any level. */
  static final int ANY_LEVEL = -1;

  /** How much may be read for one page, in stored bytes. */
  private static final int BYTES_MAX = 64 << 10;

  private static final int PAGES_MAX = 32;

  /** Each request costs a round trip, however short it is. */
  private static final int GROWTH = 4;

  /**
   * A page that is not in memory.
   *
   * @param range what its keys must be in
   */
  record Page(ChildRef ref, PageAddress address, KeyRange range) {}

  /** The root alone. */
  static PageRun root(ChildRef root) {
    return new PageRun(ANY_LEVEL, List.of(new Page(root, address(root), KeyRange.ALL)));
  }

  /**
   * Child {@code i} and some of those after it: four times as many as there are in memory right
   * before it. A walk in the order of keys thus reads ever more at a time, a look here and there only
   * what it needs. A checkpoint writes the children of a page one after the other, so many are
   * neighbours.
   */
  static PageRun from(Inner parent, int i) {
    ChildRef wanted = parent.child(i);
    PageAddress before = address(wanted);
    long end = (long) before.offset() + BYTES_MAX;
    int last = Math.min(parent.count() - 1, i + GROWTH * residentBefore(parent, i));
    List<Page> pages = new ArrayList<>(last - i + 1);
    pages.add(new Page(wanted, before, parent.range(i)));
    for (int next = i + 1; next <= last; next++) {
      ChildRef ref = parent.child(next);
      PageAddress address = ref.address();
      if (address == null || ref.node() != null || !follows(before, address, end)) {
        break;
      }
      pages.add(new Page(ref, address, parent.range(next)));
      before = address;
    }
    return new PageRun(parent.level() - 1, pages);
  }

  private static int residentBefore(Inner parent, int i) {
    int count = 0;
    while (count < PAGES_MAX / GROWTH && count < i && parent.child(i - count - 1).node() != null) {
      count++;
    }
    return count;
  }

  private static boolean follows(PageAddress before, PageAddress address, long end) {
    return address.pack() == before.pack()
        && address.offset() == before.offset() + before.length()
        && (long) address.offset() + address.length() <= end;
  }

  private static PageAddress address(ChildRef ref) {
    PageAddress address = ref.address();
    if (address == null) {
      throw new IllegalStateException("a page is neither in memory nor stored");
    }
    return address;
  }
}
