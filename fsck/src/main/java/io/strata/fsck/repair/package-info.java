/**
 * What a repair writes, and how it takes the volume to write it.
 *
 * <p>Here, and nowhere else in fsck, is code that puts objects, and that shares more than codecs
 * with an owner: who takes a volume must do it as every owner does. Nothing here overwrites or
 * deletes. Start at {@link io.strata.fsck.repair.Reign}.
 */
@NullMarked
package io.strata.fsck.repair;

import org.jspecify.annotations.NullMarked;
