/**
 * Volumes that share objects with those that they were cloned from.
 *
 * <p>Start at {@link io.strata.store.lineage.Lineage}. Invariant: whose an object is follows from
 * its name alone, because a nonce tells its epoch, and epochs go on from parent to clone.
 */
@NullMarked
package io.strata.store.lineage;

import org.jspecify.annotations.NullMarked;
