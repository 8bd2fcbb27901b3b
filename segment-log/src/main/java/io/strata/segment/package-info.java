@NullMarked
package io.strata.segment;

import org.jspecify.annotations.NullMarked;
