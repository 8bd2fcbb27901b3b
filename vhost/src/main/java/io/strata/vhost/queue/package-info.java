/**
 * Virtqueues (virtio 1.2, 2.6 to 2.8): what a driver makes available, taken as chains of
 * descriptors and given back as used.
 *
 * <p>Start at {@link io.strata.vhost.queue.VirtQueue}; its {@code Ring} is a split or a packed one.
 * Invariants:
 *
 * <ul>
 *   <li>Whatever a driver writes, each field is read once, and checked before it is used. What is
 *       wrong is a {@link io.strata.vhost.queue.QueueBrokenException}: of one queue, never of
 *       another, and never anything else.
 *   <li>A chain is at most as long as its ring (an indirect table: 1024 entries) and has at most 16
 *       MiB; as many chains are in flight as the ring has entries. No more memory than that is used
 *       for them.
 *   <li>Used entries are visible before the index or flag that announces them, and that before the
 *       driver's wish for a notification is read.
 *   <li>With an inflight region: at any store, every chain that was taken is found by the next
 *       process as either used or in flight.
 * </ul>
 *
 * <p>Threads: a {@link io.strata.vhost.queue.QueueThread} for each started queue takes chains; any
 * thread completes them, under a lock that is held for a few loads and stores. Order of locks: none
 * is taken inside it.
 */
@NullMarked
package io.strata.vhost.queue;

import org.jspecify.annotations.NullMarked;
