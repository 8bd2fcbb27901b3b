/** Objects in memory: a store for tests and simulations. */
@NullMarked
package io.strata.store.mem;

import org.jspecify.annotations.NullMarked;
