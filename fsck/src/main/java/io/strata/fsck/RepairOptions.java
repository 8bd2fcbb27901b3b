package io.strata.fsck;

/**
 * How to repair.
 *
 * @param check what to check before and after
 * @param rebuild whether to make what no tree holds any more from segments and logs
 * @param takeOver whether to take the volume from an owner of whom nothing is known
 */
public record RepairOptions(FsckOptions check, boolean rebuild, boolean takeOver) {}
