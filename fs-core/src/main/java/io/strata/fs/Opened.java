package io.strata.fs;

/**
 * A file that was made and opened in one step.
 *
 * @param attributes of the new inode
 * @param handle to be released
 */
public record Opened(Attributes attributes, long handle) {}
