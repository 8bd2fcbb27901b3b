package io.strata.fsck.finding;

/**
 * A file that a repair changes, or an object that it leaves out.
 *
 * @param file which file
 * @param change what becomes of it, in a sentence without subject and full stop
 */
public record Touched(FilePlace file, String change) {}
