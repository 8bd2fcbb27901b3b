package io.strata.fuse.fake;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;

/** Makes operations wait or fail, as a store would. */
@FunctionalInterface
public interface Hindrance {
  /** Nothing is in the way. */
  Hindrance NONE = (operation, caller, ino) -> {};

  /**
   * Called before {@code read}, {@code write} and {@code sync} of a file and each {@code change} of
   * attributes, with no lock held.
   */
  void before(String operation, Caller caller, Ino ino) throws FsException;
}
