/**
 * Checkpoints: writes a tree's pages, commits heads, says how long heads are kept, and deletes what
 * none of them needs.
 *
 * <p>Start at {@link io.strata.checkpoint.Heads}, which commits; {@link
 * io.strata.checkpoint.Succession} says what a new head takes over from the one before, {@link
 * io.strata.checkpoint.Garbage} is the only code in Strata that deletes, and states the rule for
 * it. Pages go through {@link io.strata.checkpoint.PackWriter} and {@link
 * io.strata.checkpoint.PackReader}. Stored bytes are the business of {@link
 * io.strata.checkpoint.format}.
 */
@NullMarked
package io.strata.checkpoint;

import org.jspecify.annotations.NullMarked;
