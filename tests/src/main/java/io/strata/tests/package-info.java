@NullMarked
package io.strata.tests;

import org.jspecify.annotations.NullMarked;
