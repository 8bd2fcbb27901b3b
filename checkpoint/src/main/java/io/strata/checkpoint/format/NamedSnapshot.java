package io.strata.checkpoint.format;

/**
 * A checkpoint that is kept until somebody removes its name.
 *
 * @param name what the user calls it
 * @param checkpoint what is kept
 */
public record NamedSnapshot(String name, RetainedCheckpoint checkpoint) {}
