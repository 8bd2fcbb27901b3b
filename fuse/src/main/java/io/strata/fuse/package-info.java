/**
 * The FUSE side of Strata: serves a {@link io.strata.fs.FileSystem} to a Linux kernel.
 *
 * <p>Start at {@code io.strata.fuse.mount.FuseMount}. The layers, from the bottom: {@code linux}
 * (the one package that calls native code), {@code abi} (the wire protocol as records), {@code
 * server} (what answers requests; names no transport), {@code device} (the {@code /dev/fuse}
 * transport), {@code mount} (mount points).
 */
@NullMarked
package io.strata.fuse;

import org.jspecify.annotations.NullMarked;
