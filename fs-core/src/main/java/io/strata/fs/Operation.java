package io.strata.fs;

import io.strata.btree.PageMissing;
import io.strata.fs.schema.Timestamp;

/**
 * What changes metadata: a function of them to one group of mutations. It may be run any number of
 * times until a run meets no missing page, so it has no side effects, and it waits for nothing.
 *
 * @param <T> what it answers
 */
@FunctionalInterface
public interface Operation<T> {
  /**
   * Decides what to change.
   *
   * @param now wall-clock time of the change
   * @throws PageMissing as {@code metadata} threw it
   * @throws FsException to end the operation; nothing is changed then
   */
  Change<T> run(Metadata metadata, Timestamp now) throws PageMissing, FsException;
}
