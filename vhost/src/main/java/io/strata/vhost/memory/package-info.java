/**
 * Guest memory: what a front end lends for requests, translated, shared and logged.
 *
 * <p>Start at {@link io.strata.vhost.memory.GuestMemory}. Invariants:
 *
 * <ul>
 *   <li>No address and no length from a guest or a front end is used before it was checked against
 *       the table; sums are formed where they cannot overflow.
 *   <li>The front end can cut off the files behind the memory at any time, and then every access
 *       faults (SIGBUS). The virtual machine turns that into an {@link java.lang.InternalError} if
 *       it was Java that accessed, and dies if it was native code. So guest memory is touched in
 *       {@link io.strata.vhost.memory.GuestAccess} alone, by loads, stores and copies, and never
 *       leaves these two packages: neither a system call, nor a compressor, nor the filesystem sees
 *       it.
 *   <li>A table and its regions are counted by whoever uses them: a request in flight keeps the
 *       memory that it was made with.
 *   <li>All that is written for the guest is told to the {@link io.strata.vhost.memory.DirtyLog},
 *       after it was written.
 * </ul>
 *
 * <p>Everything here is safe for any thread.
 */
@NullMarked
package io.strata.vhost.memory;

import org.jspecify.annotations.NullMarked;
