/**
 * The {@code strata} command.
 *
 * <p>Start at {@link io.strata.cli.Main}; the commands are in {@code io.strata.cli.command}, what
 * they print with in {@code output}, how sizes, times and settings are read in {@code option}.
 * Nothing here is of use to another program: what a volume is and does is below, in {@code
 * fs-core}.
 */
@NullMarked
package io.strata.cli;

import org.jspecify.annotations.NullMarked;
