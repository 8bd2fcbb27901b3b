/** Volumes over a store in memory that fails, or whose requests are counted. */
@NullMarked
package io.strata.fs.volume;

import org.jspecify.annotations.NullMarked;
