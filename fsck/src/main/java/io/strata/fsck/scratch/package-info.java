/**
 * Tables and sorted runs of a check that move from the heap to files of their own when they outgrow
 * a budget, so that a check of any volume fits into any heap.
 *
 * <p>Start at {@link io.strata.fsck.scratch.Scratch}. Files are mapped or read with a buffer; they
 * have no name any more while they are used, so that a killed process leaves nothing behind. Why
 * not MapDB: docs/decisions/013.
 *
 * <p>Confined to a thread while something is changed; safe for reading by any thread then.
 */
@NullMarked
package io.strata.fsck.scratch;

import org.jspecify.annotations.NullMarked;
