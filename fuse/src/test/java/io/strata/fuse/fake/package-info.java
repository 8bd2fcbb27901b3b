/** A filesystem in memory and a kernel in memory, for tests of what lies between. */
@NullMarked
package io.strata.fuse.fake;

import org.jspecify.annotations.NullMarked;
