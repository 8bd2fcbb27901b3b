/**
 * Mount points: puts a {@link io.strata.fs.FileSystem} into the tree of this machine and takes it
 * out again.
 *
 * <p>Start at {@link io.strata.fuse.mount.FuseMount}. Root mounts with mount(2), others through
 * {@code fusermount3}. What fails ends in a {@link io.strata.fuse.mount.MountException} whose
 * message is one line that says what to do.
 */
@NullMarked
package io.strata.fuse.mount;

import org.jspecify.annotations.NullMarked;
