package io.strata.fsck.tree;

import io.strata.btree.PageAddress;
import io.strata.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A volume's entries as they are after everything that counts: the tree of a head, the changes that
 * the head carries, and the log since.
 */
public final class VolumeView {
  private final Pages pages;
  private final @Nullable PageAddress root;
  private final Overlay carried;
  private final Overlay logged;
  private final TreeWalk.Substitute substitute;
  private final boolean allLost;

  /**
   * @param substitute knows what damaged pages held
   * @param allLost whether there is no tree and there should be one
   */
  public VolumeView(
      Pages pages,
      @Nullable PageAddress root,
      Overlay carried,
      Overlay logged,
      TreeWalk.Substitute substitute,
      boolean allLost) {
    this.substitute = substitute;
    this.allLost = allLost;
    this.pages = pages;
    this.root = root;
    this.carried = carried;
    this.logged = logged;
  }

  /**
   * Visits all entries, as they were when the head was written and as they are now.
   *
   * @param watcher is told of damage
   * @param bare takes the entries of the tree alone
   * @param then takes the entries as of the head, its carry included
   * @param now takes the entries as of the log's end; an entry comes here soon after it came there
   */
  public void walk(TreeWalk.Watcher watcher, EntryVisitor bare, EntryVisitor then, EntryVisitor now)
      throws StoreException, InterruptedException {
    Overlay.Merge logMerge = logged.onto(KeyRange.ALL, now);
    Overlay.Merge carryMerge =
        carried.onto(
            KeyRange.ALL,
            (key, value) -> {
              then.entry(key, value);
              logMerge.entry(key, value);
            });
    tree(
        watcher,
        KeyRange.ALL,
        (key, value) -> {
          bare.entry(key, value);
          carryMerge.entry(key, value);
        });
    carryMerge.end();
    logMerge.end();
  }

  /** Visits what is in {@code range} now. What cannot be read is left out without a word. */
  public void scan(KeyRange range, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    Overlay.Merge logMerge = logged.onto(range, visitor);
    Overlay.Merge carryMerge = carried.onto(range, logMerge);
    tree(new TreeWalk.Watcher() {}, range, carryMerge);
    carryMerge.end();
    logMerge.end();
  }

  private void tree(TreeWalk.Watcher watcher, KeyRange range, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    if (allLost) {
      for (KeyRange gap : substitute.fill(range, visitor)) {
        watcher.gap(gap);
      }
    } else {
      new TreeWalk(pages, watcher, substitute).walk(root, range, visitor);
    }
  }
}
