/**
 * Serves a volume to virtual machines: what a socket's arguments say ({@link
 * io.strata.cli.serving.GuestSocket}), and the devices behind the sockets ({@link
 * io.strata.cli.serving.ServeService}).
 */
@NullMarked
package io.strata.cli.serving;

import org.jspecify.annotations.NullMarked;
