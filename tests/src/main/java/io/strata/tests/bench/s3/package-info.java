/**
 * What Strata reaches on an S3 store that is some milliseconds away, beside the store's bare client
 * and other filesystems on it. Start at {@link io.strata.tests.bench.s3.S3Bench}.
 *
 * <p>Everybody goes through one proxy, which delays and counts requests. All subjects of a figure
 * work in turn within one run; what is compared are ratios.
 */
@NullMarked
package io.strata.tests.bench.s3;

import org.jspecify.annotations.NullMarked;
