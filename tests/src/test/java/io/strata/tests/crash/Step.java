package io.strata.tests.crash;

import io.strata.fs.RenameMode;

/** One thing that a workload does. Paths are parts joined by slashes, without a leading one. */
sealed interface Step {
  /** Whether everything before it is durable once it is done. */
  default boolean isDurable() {
    return this instanceof Sync
        || this instanceof Checkpoint
        || this instanceof Collect
        || this instanceof Snapshot
        || this instanceof Forget
        || this instanceof Rollback
        || this instanceof Gather;
  }

  /** Makes an empty file. */
  record MakeFile(String path) implements Step {}

  /** Makes a directory. */
  record MakeDirectory(String path) implements Step {}

  /** Makes a symbolic link. */
  record MakeSymlink(String path, String target) implements Step {}

  /** Gives a file another name. */
  record Link(String path, String newPath) implements Step {}

  /** Writes bytes drawn from a seed. */
  record Write(String path, int offset, int length, long seed) implements Step {}

  /** Changes a file's length. */
  record Truncate(String path, int size) implements Step {}

  /** Sets an extended attribute. */
  record SetAttribute(String path, String name, String value) implements Step {}

  /** Opens a file and leaves it open, so that removing it makes an orphan. */
  record Hold(String path) implements Step {}

  /** Removes a file. */
  record Remove(String path) implements Step {}

  /** Removes a directory. */
  record RemoveDirectory(String path) implements Step {}

  /** Renames. */
  record Rename(String path, String newPath, RenameMode mode) implements Step {}

  /** Makes everything before it durable. */
  record Sync() implements Step {}

  /** Keeps the state under a name, unless that is taken. */
  record Snapshot(String name) implements Step {}

  /** Forgets a snapshot, if there is one. */
  record Forget(String name) implements Step {}

  /** Goes back to a snapshot, if there is one. */
  record Rollback(String name) implements Step {}

  /** Writes the tree down. */
  record Checkpoint() implements Step {}

  /** Gives back what space can be given back. */
  record Collect() implements Step {}

  /** Makes a clone whole, if its snapshots allow. */
  record Gather() implements Step {}
}
