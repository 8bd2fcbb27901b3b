package io.strata.fsck.dump;

/**
 * How many lines of each kind a dump has.
 *
 * @param lines all of them, but for the last
 * @param inodes files of any type
 * @param names entries of directories
 * @param attributes extended attributes
 * @param extents runs of bytes
 * @param orphans files without a name that wait to be removed
 * @param segments objects that the bytes are in
 */
public record DumpCounts(
    long lines,
    long inodes,
    long names,
    long attributes,
    long extents,
    long orphans,
    long segments) {}
