/** Tests of the checker's own structures. */
@NullMarked
package io.strata.fsck.bucket;

import org.jspecify.annotations.NullMarked;
