/**
 * A proxy for HTTP that stands before a store and does what networks and servers do on bad days:
 * late, lost, cut off and refused answers. Start at {@link io.strata.tests.proxy.FaultProxy};
 * {@code tests/store-proxy} runs it from a command line.
 *
 * <p>Nothing is ever changed in what passes: requests are signed, {@code Host} included.
 *
 * <p>Threads: a connection and the one behind it live on one event loop of Netty's, so their state
 * needs no lock. A plan is asked on these threads and must not block.
 */
@NullMarked
package io.strata.tests.proxy;

import org.jspecify.annotations.NullMarked;
