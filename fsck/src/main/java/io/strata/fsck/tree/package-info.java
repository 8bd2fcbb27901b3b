/**
 * The stored tree, read page by page in the order of its keys, and the changes that lie on top of
 * it. Shares the page format with the tree and none of its code.
 *
 * <p>Start at {@link io.strata.fsck.tree.TreeWalk}. For the other packages of fsck alone; confined
 * to the thread of a check.
 */
@NullMarked
package io.strata.fsck.tree;

import org.jspecify.annotations.NullMarked;
