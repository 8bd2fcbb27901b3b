/**
 * What a kind of virtio device implements: {@link io.strata.vhost.device.VirtioDevice}. The layers
 * below know nothing else of it, and it knows nothing of sockets and rings.
 */
@NullMarked
package io.strata.vhost.device;

import org.jspecify.annotations.NullMarked;
