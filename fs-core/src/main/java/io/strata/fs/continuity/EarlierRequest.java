package io.strata.fs.continuity;

import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/**
 * A request that took effect, at least in part, and was never answered.
 *
 * @param certain whether it is known to have taken effect; if not it may have
 * @param finished whether it ran to its end; the effects of one that did not are those of its first
 *     groups
 * @param result what {@link RequestRecord#finished} was told; 0 if it did not finish
 * @param made the inode that it gave a name, or made without one; null if it did neither
 */
public record EarlierRequest(
    boolean certain, boolean finished, long result, @Nullable Ino made) {}
