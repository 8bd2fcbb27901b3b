/**
 * Virtual machines that mount a back end: QEMU without KVM, Debian's kernel, busybox, and the
 * scripts in {@code tests/guests}.
 *
 * <p>Start with {@link io.strata.tests.guest.GuestLab}. A guest and this process speak through the
 * guest's second serial port, in lines: results go out ({@code ok}, {@code FAIL}, {@code figure}),
 * and so do signals for the test or another guest; words come in. Every guest has a limit of time,
 * kept on both sides, and whatever a lab started is killed when it closes.
 */
@NullMarked
package io.strata.tests.guest;

import org.jspecify.annotations.NullMarked;
