/**
 * Reads what a volume says of its own past: descriptor, heads, logs.
 *
 * <p>Start at {@link io.strata.fsck.history.HeadCheck} and {@link
 * io.strata.fsck.history.LogReplay}. For the other packages of fsck; confined to the thread of a
 * check.
 */
@NullMarked
package io.strata.fsck.history;

import org.jspecify.annotations.NullMarked;
