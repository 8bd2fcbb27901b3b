/**
 * Advisory locks of files between the guests of one volume: POSIX byte ranges (fcntl) and whole
 * files (flock), which know nothing of each other, as on Linux.
 *
 * <p>Start at {@link io.strata.fs.locks.LockTable}: there is one for a volume, and a {@link
 * io.strata.fs.locks.LockSession} of it for each guest. Invariants, all under the table's lock:
 *
 * <ul>
 *   <li>No two owners hold overlapping locks of which one is exclusive.
 *   <li>The pieces that an owner holds do not overlap, and no two neighbours have the same mode.
 *   <li>Whoever waits conflicts with somebody who holds: a lock that becomes free is given to
 *       waiters, in the order in which they came, before anybody else can take it.
 *   <li>No owner waits for itself through any chain of byte-range locks.
 *   <li>A change is written to the session's file, if it has one, before anybody sees it.
 * </ul>
 *
 * <p>A waiter is a parked virtual thread. Nothing here looks at a clock or polls.
 */
@NullMarked
package io.strata.fs.locks;

import org.jspecify.annotations.NullMarked;
