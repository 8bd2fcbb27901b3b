@NullMarked
package io.strata.fuse;

import org.jspecify.annotations.NullMarked;
