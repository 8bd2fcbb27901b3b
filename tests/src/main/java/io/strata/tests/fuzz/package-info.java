/**
 * Fuzz targets for what a hostile guest can reach: {@link io.strata.tests.fuzz.FuseFuzz} (messages)
 * (messages).
 *
 * <p>{@code tests/fuzz} runs them under Jazzer, which instruments the program and looks for inputs
 * that reach new code. A target takes bytes and throws if something is wrong; nothing that it does
 * depends on time, chance or earlier inputs, so that an input which fails fails again.
 */
@NullMarked
package io.strata.tests.fuzz;

import org.jspecify.annotations.NullMarked;
