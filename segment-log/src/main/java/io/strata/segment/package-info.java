/**
 * The segment log: file data on its way into the store, and back.
 *
 * <p>Start at {@link io.strata.segment.SegmentLog} for writing and at {@link
 * io.strata.segment.BlockReader} for reading; the bytes of an object are in {@code
 * io.strata.segment.format}. Invariants:
 *
 * <ul>
 *   <li>a logical byte never changes once appended, so a segment can be sent again until the store
 *       says that it has it, and readers need no lock;
 *   <li>a run lies in one segment;
 *   <li>appended bytes can be read at every moment: from memory until their segment is stored and
 *       its index is in the tree, from the store afterwards;
 *   <li>a segment is put once: who finds another object under its name is fenced.
 * </ul>
 */
@NullMarked
package io.strata.segment;

import org.jspecify.annotations.NullMarked;
