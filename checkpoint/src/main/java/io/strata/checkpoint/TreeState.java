package io.strata.checkpoint;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.LogPosition;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint found.
 *
 * @param root the tree, null if empty; all that it reaches is stored
 * @param counters how much the tree holds
 * @param replayFrom the first log object whose groups are not in the tree
 * @param carry mutations that the tree lacks and no log has, opaque here; never changed
 * @param nextNonce no counter of the epoch's nonces from this one on has been used
 */
public record TreeState(
    @Nullable PageAddress root,
    TreeCounters counters,
    LogPosition replayFrom,
    ByteBuffer carry,
    long nextNonce) {}
