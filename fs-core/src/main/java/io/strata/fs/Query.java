package io.strata.fs;

import io.strata.btree.PageMissing;

/**
 * What reads metadata: a function of them. It may be run any number of times until a run meets no
 * missing page, so it has no side effects, and it waits for nothing.
 *
 * @param <T> what it finds out
 */
@FunctionalInterface
public interface Query<T> {
  /**
   * Reads.
   *
   * @throws PageMissing as {@code metadata} threw it
   * @throws FsException to end the operation
   */
  T run(Metadata metadata) throws PageMissing, FsException;
}
