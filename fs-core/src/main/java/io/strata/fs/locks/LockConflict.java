package io.strata.fs.locks;

/**
 * A lock that is in the way of another.
 *
 * @param range what it covers
 * @param mode how it excludes
 * @param pid the process that took it, in the numbers of whoever asks; 0 if that is in another guest
 */
public record LockConflict(ByteRange range, LockMode mode, int pid) {}
