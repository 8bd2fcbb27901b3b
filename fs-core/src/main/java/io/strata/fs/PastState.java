package io.strata.fs;

import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Timestamp;

/**
 * A snapshot of a volume.
 *
 * @param head number of the head that it is, which is never given to another
 * @param name what it is called
 * @param time when it was made
 */
public record PastState(long head, FileName name, Timestamp time) {}
