/** Several guests of our own on one volume, through {@code strata serve} in a process of its own. */
@NullMarked
package io.strata.tests.sharing;

import org.jspecify.annotations.NullMarked;
