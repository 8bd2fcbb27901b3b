/**
 * The {@code /dev/fuse} transport: brings requests from the kernel of this machine to a {@link
 * io.strata.fuse.server.FuseSession}.
 *
 * <p>Start at {@link io.strata.fuse.device.FuseDevice}. Threads: one platform thread for each
 * cloned descriptor reads requests, because reading blocks in native code; one more sends
 * notifications, as soon as there is one. Replies are sent by whoever has them. Memory: each
 * request and its reply share one buffer of a pool; when all are in use the readers wait, and so
 * does the kernel. So that what waits for the store does not come to that, it gives its buffer up
 * when more than half are in use: a READ has memory again when its turn comes, a WRITE keeps a copy
 * of its own length ({@link io.strata.fuse.device.WaitingMemory}).
 */
@NullMarked
package io.strata.fuse.device;

import org.jspecify.annotations.NullMarked;
