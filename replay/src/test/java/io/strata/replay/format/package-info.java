@NullMarked
package io.strata.replay.format;

import org.jspecify.annotations.NullMarked;
