package io.strata.checkpoint.format;

import io.strata.btree.PageAddress;
import io.strata.replay.format.LogPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An earlier head that is kept, with all that its tree reaches.
 *
 * @param number the head's number
 * @param time when it was made
 * @param root its tree, null if empty
 * @param counters how much its tree holds
 * @param replayFrom the first log object that replay from this head would read
 */
public record RetainedCheckpoint(
    long number,
    Instant time,
    @Nullable PageAddress root,
    TreeCounters counters,
    LogPosition replayFrom) {}
