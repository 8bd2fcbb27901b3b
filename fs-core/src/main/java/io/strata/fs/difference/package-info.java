/**
 * What differs between the files of two states of a volume: {@link
 * io.strata.fs.difference.VolumeDifference} turns entries of two trees that differ into paths that
 * were added, removed, renamed or changed.
 *
 * <p>Invariants: only pages that differ are read, and those that lead to the names of what was found;
 * memory holds as many inodes that differ as a batch has, however large the volume is.
 */
@NullMarked
package io.strata.fs.difference;

import org.jspecify.annotations.NullMarked;
