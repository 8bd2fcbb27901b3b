/** Holds the code to the structure that docs and module pages describe. */
@NullMarked
package io.strata.tests.architecture;

import org.jspecify.annotations.NullMarked;
