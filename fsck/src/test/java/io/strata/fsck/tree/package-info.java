/** Tests of the checker's own structures. */
@NullMarked
package io.strata.fsck.tree;

import org.jspecify.annotations.NullMarked;
