/**
 * Stores by URL. Start at {@link io.strata.store.url.Stores}.
 *
 * <p>A package of its own, because it knows all stores, while the stores know only the port.
 */
@NullMarked
package io.strata.store.url;

import org.jspecify.annotations.NullMarked;
