/**
 * The Unix-domain sockets on which front ends connect: listening ones ({@link
 * io.strata.vhost.socket.ListeningSocket}) and what goes over a connected one, messages with
 * descriptors beside them ({@link io.strata.vhost.socket.MessageSocket}).
 */
@NullMarked
package io.strata.vhost.socket;

import org.jspecify.annotations.NullMarked;
