/**
 * The virtio-fs device (virtio 1.2, 5.11): brings FUSE requests from a guest's queues to a {@link
 * io.strata.fuse.server.FuseSession}.
 *
 * <p>Start at {@link io.strata.vhost.fs.VirtioFsDevice}. Invariants:
 *
 * <ul>
 *   <li>The session and the filesystem never see guest memory. A request is copied before anything
 *       in it is looked at, and a reply when it is complete: guests may change what they lent, or
 *       have it torn away, in the middle of anything.
 *   <li>Every chain is completed exactly once, whatever is in it.
 *   <li>The copies of small requests (metadata, 4 KiB of data) are bounded by the rings' entries;
 *       those of large ones by a budget. A large request that finds no room waits in a line without
 *       a thread, while small ones, FORGET and INTERRUPT go on.
 * </ul>
 *
 * <p>Threads: requests are tried on the thread of their queue, and go on on a virtual thread if
 * they have to wait. A request that waited in line is tried by the thread whose completion made
 * room.
 */
@NullMarked
package io.strata.vhost.fs;

import org.jspecify.annotations.NullMarked;
