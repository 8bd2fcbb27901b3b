/**
 * How commands talk to the daemons that run on this machine.
 *
 * <p>Each daemon listens on a Unix-domain socket {@code PID.sock} in the {@link
 * io.strata.cli.control.RuntimeDirectory}. A request is one line of JSON, {@code {"request":"…"}},
 * and so is its reply; a failure is {@code {"error":"…"}}. A connection carries any number of them,
 * one after another. A daemon's last reply is followed by the end of its process: whoever has read
 * the end of the stream knows that the volume is closed.
 */
@NullMarked
package io.strata.cli.control;

import org.jspecify.annotations.NullMarked;
