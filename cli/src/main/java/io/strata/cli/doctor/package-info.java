/**
 * {@code strata doctor}: whether a store keeps the promises that volumes are built on, and how fast
 * it is.
 *
 * <p>Start at {@link io.strata.cli.doctor.Examination}. It works beside a volume: what it puts lies
 * under a prefix of its own with a random name, and is deleted by that name at the end.
 */
@NullMarked
package io.strata.cli.doctor;

import org.jspecify.annotations.NullMarked;
