/** Tests of the values of the filesystem's interface. */
@NullMarked
package io.strata.fs;

import org.jspecify.annotations.NullMarked;
