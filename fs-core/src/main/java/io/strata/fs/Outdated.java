package io.strata.fs;

import io.strata.fs.schema.FileName;

/**
 * Learns that the files were replaced by others without an operation's doing, so that nobody goes on
 * with what he remembers of them. Called by one thread at a time.
 */
public interface Outdated {
  /** Where nobody remembers anything. */
  Outdated NOBODY =
      new Outdated() {
        @Override
        public boolean all() {
          return false;
        }

        @Override
        public void inRoot(FileName name) {}
      };

  /**
   * Any inode may be another than it was, or gone, and any name mean something else. Called once it
   * is so, before operations go on that would change something.
   *
   * @return whether to tell {@link #inRoot} too
   */
  boolean all();

  /**
   * A name that the root had before or has now, told when operations go on: all else is found
   * through them. Some are told twice.
   */
  void inRoot(FileName name);
}
