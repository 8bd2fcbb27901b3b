@NullMarked
package io.strata.btree;

import org.jspecify.annotations.NullMarked;
