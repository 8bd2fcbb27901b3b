/**
 * The bytes of the replay log (docs/format.md, section "Log object"): what a log object says, and
 * its codec. No logic: a checker reads logs with this package alone.
 *
 * <p>Start at {@link io.strata.replay.format.LogEntry}. All types are immutable values.
 */
@NullMarked
package io.strata.replay.format;

import org.jspecify.annotations.NullMarked;
