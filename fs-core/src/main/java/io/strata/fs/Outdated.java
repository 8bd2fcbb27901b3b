package io.strata.fs;

import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;

/**
 * Learns what has changed without an operation's doing, so that nobody goes on with what he
 * remembers of it. Called by one thread at a time, never under a lock.
 */
public interface Outdated {
  /** Where nobody remembers anything. */
  Outdated NOBODY =
      new Outdated() {
        @Override
        public void inode(Ino ino) {}

        @Override
        public void entry(Ino parent, FileName name) {}
      };

  /** An inode is another than it was, or gone: its attributes, its bytes, or both. */
  void inode(Ino ino);

  /** A name means something else than it did, or nothing. */
  void entry(Ino parent, FileName name);
}
