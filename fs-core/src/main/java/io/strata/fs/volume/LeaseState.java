package io.strata.fs.volume;

import java.time.Duration;

/**
 * An owner's lease at a moment.
 *
 * @param term for how long it is renewed
 * @param left how long it still holds; negative since it has lapsed
 * @param hard whether nothing is answered without it
 * @param heard whether the log is kept alive for somebody who waits
 */
public record LeaseState(Duration term, Duration left, boolean hard, boolean heard) {}
