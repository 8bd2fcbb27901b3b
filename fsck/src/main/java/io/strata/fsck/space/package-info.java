/**
 * Checks of where the bytes are: extents against segments, segments against their objects, live
 * bytes, packs, and what is recorded as dead.
 *
 * <p>Start at {@link io.strata.fsck.space.SpaceCheck}. For the other packages of fsck; confined to
 * the thread of a check except where said otherwise.
 */
@NullMarked
package io.strata.fsck.space;

import org.jspecify.annotations.NullMarked;
