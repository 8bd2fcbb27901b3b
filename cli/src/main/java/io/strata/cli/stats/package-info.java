/**
 * What a daemon has done: written by it as JSON ({@link io.strata.cli.stats.StatisticsReport}),
 * shown by {@code strata stats} ({@link io.strata.cli.stats.StatisticsView}).
 */
@NullMarked
package io.strata.cli.stats;

import org.jspecify.annotations.NullMarked;
