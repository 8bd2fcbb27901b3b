/**
 * A store around a store that notices when the one below stops answering, and when it is back. Start
 * at {@link io.strata.store.watch.WatchedStore}.
 */
@NullMarked
package io.strata.store.watch;

import org.jspecify.annotations.NullMarked;
