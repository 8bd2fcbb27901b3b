/**
 * What a volume remembers of its clients so that they outlive the process that serves them: a
 * client, the kernel of a virtual machine say, goes on with its handles and its unanswered requests
 * after a restart, and hears of writes that a crash has lost.
 *
 * <p>Start at {@link io.strata.fs.continuity.Continuity}; the reasons are in
 * docs/decisions/008-clients-outlive-the-daemon.md. All of it lies in a folder of the host, in
 * files that are mapped into memory: what is written there survives the process, at the price of a
 * store to memory, but not the host, whose guests do not survive it either. Nothing here is needed
 * for the safety of data: without the folder, or if it is damaged, syncs fail that need not have,
 * and files without names go.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A group's number stands in the request's slot before the group is in the log, and until the
 *       request has been answered.
 *   <li>An inode stands in the witness with the last group that changed it before the request is
 *       answered, and until that group is durable.
 *   <li>A handle is counted before its number is given out, and until it is released.
 *   <li>The losses of an epoch are written down before its witness goes.
 * </ul>
 *
 * <p>Nothing here waits for the store, and only what begins or ends a client for the disk.
 */
@NullMarked
package io.strata.fs.continuity;

import org.jspecify.annotations.NullMarked;
