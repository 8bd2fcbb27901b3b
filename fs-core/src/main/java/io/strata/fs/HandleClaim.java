package io.strata.fs;

import java.util.function.BooleanSupplier;

/**
 * What is known of a handle that somebody says to have from an earlier owner of the volume.
 *
 * @param certain whether the inode was open for certain; if not, it was or another was that is
 *     counted with it
 * @param lostWrites whether writes to the inode were lost while it was open, which the next sync
 *     through the handle is to tell; asked then, as the writes may have been done again by then
 */
public record HandleClaim(boolean certain, BooleanSupplier lostWrites) {
  /** A handle of which everything is known. */
  public static HandleClaim certain(boolean lostWrites) {
    return new HandleClaim(true, () -> lostWrites);
  }
}
