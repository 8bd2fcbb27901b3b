@NullMarked
package io.strata.fs;

import org.jspecify.annotations.NullMarked;
