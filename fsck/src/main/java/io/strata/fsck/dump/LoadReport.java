package io.strata.fsck.dump;

import io.strata.fsck.FsckReport;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a dump.
 *
 * @param header of what state it was
 * @param counts how many lines it had
 * @param head number of the head that is the volume now
 * @param undo the snapshot of what was there before; null if there was nothing
 * @param after what a check of the volume found
 */
public record LoadReport(
    DumpHeader header, DumpCounts counts, long head, @Nullable String undo, FsckReport after) {}
