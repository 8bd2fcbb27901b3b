package io.strata.fs;

import java.io.IOException;

/**
 * Something that replaces all files of a volume.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface Replacement<T> {
  /** Replaces them, and tells {@code outdated} when it is so; else nothing is replaced. */
  T run(Outdated outdated) throws IOException;
}
