/**
 * What POSIX says a filesystem does, as operations over a volume's engine: names, renames,
 * attributes, bytes and their extents, directories, handles, and files without names.
 *
 * <p>Start at {@link io.strata.fs.posix.VolumeFileSystem}; then {@code Tree}, which reads metadata,
 * and {@code Edit}, which gathers what one operation changes. No class here waits for a store or
 * holds a lock while something else does: what an operation must know it reads in a query, what it
 * changes is one group.
 *
 * <p>What always holds for the tree, before and after each group:
 *
 * <ul>
 *   <li>An inode's links are its names; a directory's are 2 and one for each directory in it; 0 if
 *       it was removed. An inode with 0 links, and no other, has an orphan's mark.
 *   <li>A directory's parent is the directory that names it, its size the number of its entries.
 *   <li>A file's extents do not overlap and end within its size; {@code allocated} is the sum of
 *       their lengths.
 *   <li>Whatever belongs to an inode goes in the same group as the inode, or before it.
 * </ul>
 */
@NullMarked
package io.strata.fs.posix;

import org.jspecify.annotations.NullMarked;
