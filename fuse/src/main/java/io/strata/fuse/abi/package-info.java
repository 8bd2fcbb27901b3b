/**
 * The FUSE wire protocol, minors 31 to 45 of major 7, as records.
 *
 * <p>Facts are those of the kernel's {@code include/uapi/linux/fuse.h}; integers are in the byte
 * order of the machine. Start at {@link io.strata.fuse.abi.RequestDecoder} for what the kernel
 * sends and at {@link io.strata.fuse.abi.Reply} for what it gets back. Invariants: a decoder never
 * reads outside the message that it was given, whatever the bytes are; it ends in a {@link
 * io.strata.fuse.abi.Request}, a {@link io.strata.fuse.abi.MalformedRequest} or an errno that the
 * kernel expects for such a request. Nothing here has state or knows a transport.
 */
@NullMarked
package io.strata.fuse.abi;

import org.jspecify.annotations.NullMarked;
