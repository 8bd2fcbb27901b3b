/**
 * The replay log: makes groups of mutations durable in order, many callers to a put, and reads them
 * back after a crash.
 *
 * <p>Start at {@link io.strata.replay.ReplayLog} (the owner's side) and {@link
 * io.strata.replay.LogReader} (recovery's). What a group or a segment is, nobody here knows: groups
 * are bytes, and file data comes through {@link io.strata.replay.EntryData}. Stored bytes are the
 * business of {@link io.strata.replay.format}. The invariants stand at the head of {@code
 * ReplayLog}.
 */
@NullMarked
package io.strata.replay;

import org.jspecify.annotations.NullMarked;
