package io.strata.fs.continuity;

import io.strata.store.Epoch;
import java.util.OptionalLong;

/**
 * What recovery found of an epoch before the present one.
 *
 * @param epoch which
 * @param lastHead the number of its newest head
 * @param groups how many of its groups count, the first ones; empty if the logs that are left do
 *     not tell
 * @param closed whether its owner closed the volume, so that all of them do
 */
public record FormerEpoch(Epoch epoch, long lastHead, OptionalLong groups, boolean closed) {}
