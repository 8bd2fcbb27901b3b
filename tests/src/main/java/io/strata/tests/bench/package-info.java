/**
 * Measurements: JMH for the hot paths, and a workload over mounted directories side by side.
 *
 * <p>Figures of one machine vary several times over from run to run; only ratios within a run mean
 * anything. {@code tests/bench} runs them.
 */
@NullMarked
package io.strata.tests.bench;

import org.jspecify.annotations.NullMarked;
