/**
 * A store that fails as told: lost requests, lost replies, crashes between a request's effect and
 * its reply. Start at {@link io.strata.store.fault.FaultStore}.
 */
@NullMarked
package io.strata.store.fault;

import org.jspecify.annotations.NullMarked;
