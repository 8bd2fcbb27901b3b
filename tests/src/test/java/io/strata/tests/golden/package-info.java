/**
 * Volumes that earlier builds wrote, kept as they were: they must open, and hold what they held,
 * for ever. And what becomes of one when its objects are damaged.
 *
 * <p>Start at {@link io.strata.tests.golden.GoldenVolumeTest}. {@link
 * io.strata.tests.golden.GoldenMaker} made the archives.
 */
@NullMarked
package io.strata.tests.golden;

import org.jspecify.annotations.NullMarked;
