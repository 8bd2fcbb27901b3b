/** A store around a store that asks again when there was no certain answer. */
@NullMarked
package io.strata.store.retry;

import org.jspecify.annotations.NullMarked;
