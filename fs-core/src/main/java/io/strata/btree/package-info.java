/** Stand-in for the tree's types until they are in their own module. */
@NullMarked
package io.strata.btree;

import org.jspecify.annotations.NullMarked;
