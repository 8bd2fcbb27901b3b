package io.strata.fsck.tree;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageView;

/** What reading a page came to. */
public sealed interface LoadedPage {
  /** Where it is. */
  PageAddress address();

  /** It is what was written. */
  record Whole(PageAddress address, PageView view) implements LoadedPage {}

  /** It is not; {@code damage} says in what. */
  record Broken(PageAddress address, String damage) implements LoadedPage {}
}
