/**
 * The filesystem as its callers see it, and the engine as its rules see it.
 *
 * <p>Start at {@link io.strata.fs.FileSystem}, which is implemented by {@code io.strata.fs.posix}
 * over an {@link io.strata.fs.Engine}, which is implemented by {@code io.strata.fs.volume}. What is
 * stored, and how, is in {@code io.strata.fs.schema}.
 */
@NullMarked
package io.strata.fs;

import org.jspecify.annotations.NullMarked;
