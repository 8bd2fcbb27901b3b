@NullMarked
package io.strata.replay;

import org.jspecify.annotations.NullMarked;
