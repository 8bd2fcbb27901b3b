package io.strata.fsck.tree;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageView;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Visits the entries of a stored tree in order, checking that every page is whole and where it
 * belongs: its keys between the separators above it, its level one below its parent's. A page that
 * is not is reported and left out with everything below it.
 *
 * <p>Keeps one page a level in memory and those that were sent for ahead.
 */
public final class TreeWalk {
  private final Pages pages;
  private final Watcher watcher;
  private final Substitute substitute;

  /** Learns what the walk meets. */
  public interface Watcher {
    /** A page that is whole and in its place. */
    default void page(PageAddress address, int level) {}

    /** A page that cannot be read, and the keys that it may hold. */
    default void damaged(PageAddress address, String damage, KeyRange holds) {}

    /** A page that is whole and not where it belongs, or of which a part is not. */
    default void misplaced(PageAddress address, String problem) {}

    /** Keys of which nothing is known, because a page is damaged or misplaced. */
    default void gap(KeyRange lost) {}
  }

  /** Knows what damaged pages held. */
  @FunctionalInterface
  public interface Substitute {
    /** Knows nothing. */
    Substitute NONE = (lost, visitor) -> List.of(lost);

    /**
     * Hands out what a range held.
     *
     * @return the parts of it of which nothing is known
     */
    List<KeyRange> fill(KeyRange lost, EntryVisitor visitor)
        throws StoreException, InterruptedException;
  }

  public TreeWalk(Pages pages, Watcher watcher, Substitute substitute) {
    this.pages = pages;
    this.watcher = watcher;
    this.substitute = substitute;
  }

  /**
   * Visits the entries in {@code wanted}.
   *
   * @param root null for an empty tree
   */
  public void walk(@Nullable PageAddress root, KeyRange wanted, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    if (root != null) {
      Walk walk = new Walk(wanted, visitor);
      pages.each(List.of(root), page -> walk.page(page, -1, KeyRange.ALL));
    }
  }

  private record Child(PageAddress address, KeyRange holds) {}

  private final class Walk {
    private final KeyRange wanted;
    private final EntryVisitor visitor;

    Walk(KeyRange wanted, EntryVisitor visitor) {
      this.wanted = wanted;
      this.visitor = visitor;
    }

    /**
     * @param level what it must be; -1 for any
     * @param holds the keys that may be in the page
     */
    void page(LoadedPage loaded, int level, KeyRange holds)
        throws StoreException, InterruptedException {
      switch (loaded) {
        case LoadedPage.Broken(PageAddress address, String damage) -> {
          watcher.damaged(address, damage, holds);
          fill(holds);
        }
        case LoadedPage.Whole(PageAddress address, PageView view) -> {
          if (level >= 0 && view.level() != level) {
            watcher.misplaced(address, "it is of level %d, not %d".formatted(view.level(), level));
            fill(holds);
          } else if (view.leaf()) {
            watcher.page(address, 0);
            leaf(address, view, holds);
          } else {
            inner(address, view, holds);
          }
        }
      }
    }

    private void fill(KeyRange holds) throws StoreException, InterruptedException {
      for (KeyRange gap : substitute.fill(holds.and(wanted), visitor)) {
        watcher.gap(gap);
      }
    }

    private void leaf(PageAddress address, PageView view, KeyRange holds)
        throws StoreException, InterruptedException {
      boolean told = false;
      for (int i = 0; i < view.count(); i++) {
        byte[] key = view.key(i);
        if (!holds.contains(key)) {
          if (!told) {
            watcher.misplaced(address, KeyText.of(key) + " does not belong there");
            watcher.gap(KeyRange.only(key));
            told = true;
          }
        } else if (wanted.contains(key)) {
          visitor.entry(key, view.value(i));
        }
      }
    }

    private void inner(PageAddress address, PageView view, KeyRange holds)
        throws StoreException, InterruptedException {
      for (int i = 1; i < view.count(); i++) {
        byte[] separator = view.key(i);
        if (!holds.contains(separator) || Arrays.equals(separator, holds.from())) {
          watcher.misplaced(
              address, "separator " + KeyText.of(separator) + " does not belong there");
          fill(holds);
          return;
        }
      }
      watcher.page(address, view.level());
      List<Child> children = children(address, view, holds);
      int[] at = {0};
      pages.each(
          children.stream().map(Child::address).toList(),
          page -> page(page, view.level() - 1, children.get(at[0]++).holds()));
    }

    private List<Child> children(PageAddress address, PageView view, KeyRange holds) {
      List<Child> children = new ArrayList<>(view.count());
      for (int i = 0; i < view.count(); i++) {
        KeyRange range =
            new KeyRange(
                i == 0 ? holds.from() : view.key(i),
                i + 1 < view.count() ? view.key(i + 1) : holds.to());
        if (range.meets(wanted)) {
          try {
            PageAddress child = PageAddress.decode(ByteBuffer.wrap(view.value(i)));
            children.add(new Child(child, range));
          } catch (IllegalArgumentException impossible) {
            watcher.misplaced(address, "its child %d has %s".formatted(i, impossible.getMessage()));
            watcher.gap(range);
          }
        }
      }
      return children;
    }
  }
}
