/**
 * The messages of the vhost-user protocol (QEMU's {@code docs/interop/vhost-user.rst}), as records,
 * and their bytes, in both directions: a back end decodes what a test's front end encodes. Start at
 * {@link io.strata.vhost.protocol.FrontEndMessage}.
 *
 * <p>Numbers are in the machine's byte order. Descriptors travel beside the bytes; a message that
 * is decoded owns those that came with it. Everything here is immutable and safe for any thread.
 */
@NullMarked
package io.strata.vhost.protocol;

import org.jspecify.annotations.NullMarked;
