/**
 * Volumes made by hand, entry by entry, with one thing wrong each: what the engine would never
 * write. Damage to volumes that the engine wrote is in the module {@code tests}.
 */
@NullMarked
package io.strata.fsck;

import org.jspecify.annotations.NullMarked;
