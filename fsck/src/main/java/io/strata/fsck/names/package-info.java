/**
 * Checks of inodes and names: every inode against its entries while they stream by, and all of them
 * against each other at the end.
 *
 * <p>Start at {@link io.strata.fsck.names.InodeCheck}. What it needs to remember of an inode is in
 * {@link io.strata.fsck.names.InodeTable}, about 30 bytes each; names are not remembered, {@link
 * io.strata.fsck.names.Paths} looks them up for findings alone. For the other packages of fsck;
 * confined to the thread of a check.
 */
@NullMarked
package io.strata.fsck.names;

import org.jspecify.annotations.NullMarked;
