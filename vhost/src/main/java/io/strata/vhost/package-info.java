/**
 * The side of Strata that faces virtual machines: a vhost-user back end.
 *
 * <p>Layers, from the bottom, each to be read alone: {@code protocol} (messages and the socket that
 * they come over), {@code memory} and {@code queue} (guest memory and virtqueues), {@code device}
 * (what a virtual machine sees: virtio-fs).
 */
@NullMarked
package io.strata.vhost;

import org.jspecify.annotations.NullMarked;
