/**
 * The store port: what Strata asks of a bucket, the stores that answer, and the frame that every
 * stored object wears.
 *
 * <p>Start at {@link io.strata.store.ObjectStore}. Retry, metrics and fault injection are whole
 * stores around stores. Nothing here knows what a volume is made of; the ids that name objects
 * ({@link io.strata.store.VolumeId}, {@link io.strata.store.Epoch}, {@link io.strata.store.Nonce})
 * live here because every module above shares them.
 */
@NullMarked
package io.strata.store;

import org.jspecify.annotations.NullMarked;
