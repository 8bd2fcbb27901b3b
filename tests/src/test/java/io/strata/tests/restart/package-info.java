/**
 * What a guest goes through when the daemon behind its filesystem is killed and started again.
 *
 * <p>Each {@link io.strata.tests.restart.Program} works on files of its own and knows what may have
 * been lost and what may not; {@link io.strata.tests.restart.RestartTest} runs them and does the
 * killing.
 */
@NullMarked
package io.strata.tests.restart;

import org.jspecify.annotations.NullMarked;
