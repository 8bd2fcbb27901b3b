@NullMarked
package io.strata.checkpoint;

import org.jspecify.annotations.NullMarked;
