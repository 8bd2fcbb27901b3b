package io.strata.fsck.dump;

/**
 * What was dumped.
 *
 * @param header of what state
 * @param counts how many lines
 * @param bytes their length
 */
public record DumpReport(DumpHeader header, DumpCounts counts, long bytes) {}
