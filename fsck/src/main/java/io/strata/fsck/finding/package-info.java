/**
 * What a check can find: a closed set of records, so that whoever prints, counts or repairs them
 * has to say something about each.
 *
 * <p>Start at {@link io.strata.fsck.finding.Finding}. Everything here is an immutable value.
 */
@NullMarked
package io.strata.fsck.finding;

import org.jspecify.annotations.NullMarked;
