package io.strata.fs;

/**
 * What {@code statfs(2)} tells, in bytes and counts.
 *
 * @param capacityBytes the volume's quota, or 2^50 (1 PiB) where it has none
 * @param usedBytes bytes that files occupy, exactly: holes count nothing
 * @param inodes inodes in use, exactly
 */
public record SpaceUse(long capacityBytes, long usedBytes, long inodes) {}
