/** Virtqueues: how a driver in the guest hands requests to a device and gets them back. */
@NullMarked
package io.strata.vhost.queue;

import org.jspecify.annotations.NullMarked;
