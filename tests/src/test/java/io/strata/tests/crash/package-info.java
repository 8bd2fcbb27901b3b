/**
 * The crash explorer: random operations on a volume over a store that dies after any request, or
 * between a request's effect and its reply; then the volume is opened again and compared with a
 * plain model. Start at {@code CrashExplorerTest}.
 */
@NullMarked
package io.strata.tests.crash;

import org.jspecify.annotations.NullMarked;
