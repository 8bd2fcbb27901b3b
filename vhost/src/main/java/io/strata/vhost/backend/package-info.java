/**
 * The back end of vhost-user: from what a front end asks for to guest memory, running queues and a
 * device. Start at {@link io.strata.vhost.backend.BackEnd}.
 *
 * <p>Threads: one for each socket waits for a front end and reads what it asks, one after another,
 * and is the only one that changes the state of a connection; one for each started queue. All are
 * platform threads, as they sleep in system calls. A connection's end, whatever the reason, stops
 * its queues and lets go of the guest's memory; the device stays, and the next front end goes on
 * with it.
 *
 * <p>A request that cannot be granted is refused if the front end waits for an answer, and is
 * otherwise the end of its connection, as is whatever is no message. Either way one line in the log
 * says which message, which field, and what is wrong with it.
 */
@NullMarked
package io.strata.vhost.backend;

import org.jspecify.annotations.NullMarked;
