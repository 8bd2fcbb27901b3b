@NullMarked
package io.strata.fs.difference;

import org.jspecify.annotations.NullMarked;
