/**
 * The system calls that FUSE needs and Java lacks: the one package of Strata that calls native
 * code, through the foreign-function interface and the C library.
 *
 * <p>Calls that move data take native memory and an {@link io.strata.fuse.linux.ErrnoSlot} that
 * their caller owns, and answer a negative errno; all others throw {@link
 * io.strata.fuse.linux.SystemCallException}. Numbers are those of x86-64 and other machines with
 * asm-generic headers. Nothing here has state; all of it is safe for any thread. A thread is in
 * native code while a call blocks: only platform threads should make calls that do.
 */
@NullMarked
package io.strata.fuse.linux;

import org.jspecify.annotations.NullMarked;
