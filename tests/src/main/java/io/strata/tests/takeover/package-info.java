/**
 * The proof of takeover with real processes: two daemons on two hosts of their own (namespaces for
 * processes, names and network) serve one volume in turn, under load, while the owner is killed,
 * stopped, cut off or asked to end, and what the survivors find is checked against what was
 * acknowledged. Start at {@link io.strata.tests.takeover.Rounds}; {@code docs/takeover.md} tells how
 * to run it and what it showed.
 *
 * <p>A file operation on a mount may hang for as long as its daemon does. Therefore each runs on a
 * thread that nobody waits for without a limit, and killing the daemon, which ends its mount, frees
 * them all.
 */
@NullMarked
package io.strata.tests.takeover;

import org.jspecify.annotations.NullMarked;
