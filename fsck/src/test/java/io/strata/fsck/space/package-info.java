/** Tests of the checker's own structures. */
@NullMarked
package io.strata.fsck.space;

import org.jspecify.annotations.NullMarked;
