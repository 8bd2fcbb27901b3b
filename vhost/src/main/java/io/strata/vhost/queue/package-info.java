/**
 * Virtqueues: what a driver makes available, taken as chains of descriptors and given back as used.
 */
@NullMarked
package io.strata.vhost.queue;

import org.jspecify.annotations.NullMarked;
