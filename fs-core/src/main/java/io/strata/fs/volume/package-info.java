/**
 * A volume's life: format, open, take over, recover, run operations, checkpoint, close.
 *
 * <p>Start at {@link io.strata.fs.volume.Volume}. {@code VolumeState} is what a crash must not
 * lose: the tree and the sums over it, changed only by applying mutations. {@code VolumeEngine} runs
 * operations against it, {@code Checkpointer} writes it down, {@code Recovery} brings it back.
 * {@code Follower} keeps up with somebody else who does all this.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The state equals (tree of the newest head, its carried mutations, log groups in order).
 *   <li>A group reaches the log in the order in which it was applied: both happen under the
 *       exclusive lock.
 *   <li>No request to the store is made while a lock is held.
 *   <li>A segment is declared dead only when nothing in the tree refers to it, it is sealed, and no
 *       write that put bytes into it is still to be committed.
 *   <li>Nothing is acknowledged once the volume is known to be fenced.
 * </ul>
 */
@NullMarked
package io.strata.fs.volume;

import org.jspecify.annotations.NullMarked;
