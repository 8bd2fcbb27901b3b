/**
 * Time, randomness and threads, as constructor arguments: the seams on which a seeded simulation
 * runs everything above. No other package reads a clock, seeds a generator or starts a thread.
 */
@NullMarked
package io.strata.platform;

import org.jspecify.annotations.NullMarked;
