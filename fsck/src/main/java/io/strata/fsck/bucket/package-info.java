/**
 * The bucket as a check sees it: what is in it, and a door that only reads.
 *
 * <p>Start at {@link io.strata.fsck.bucket.Bucket}. For the other packages of fsck alone.
 */
@NullMarked
package io.strata.fsck.bucket;

import org.jspecify.annotations.NullMarked;
