/** Tests of the checker's own structures. */
@NullMarked
package io.strata.fsck.names;

import org.jspecify.annotations.NullMarked;
