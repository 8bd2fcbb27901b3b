/**
 * Answers FUSE requests from a {@link io.strata.fs.FileSystem}; names no transport.
 *
 * <p>Start at {@link io.strata.fuse.server.FuseSession}. A transport lends it one {@link
 * io.strata.fuse.server.Exchange} a request. Invariants:
 *
 * <ul>
 *   <li>Every exchange is given back exactly once, answered or not, whatever the request holds and
 *       whatever the filesystem throws.
 *   <li>The transport's thread never waits for the store: a request that would is run again, from
 *       its start, on a thread of {@code Platform.waiting()}.
 *   <li>Handles that the kernel holds when the session ends, or never learnt of, are released.
 * </ul>
 */
@NullMarked
package io.strata.fuse.server;

import org.jspecify.annotations.NullMarked;
