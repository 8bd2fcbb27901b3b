/**
 * A store around a store that counts. Start at {@link io.strata.store.metrics.MeteredStore}; what
 * it counted is a {@link io.strata.store.metrics.StoreStats}.
 */
@NullMarked
package io.strata.store.metrics;

import org.jspecify.annotations.NullMarked;
