package io.strata.fs;

import io.strata.fs.schema.Ino;

/**
 * What a filesystem takes over from the owners of the volume before it: handles that were open and
 * may come back ({@link FileSystem#adopt}), and writes that are lost. Safe for any thread; nothing
 * here waits.
 */
public interface Inheritance {
  /** Nothing is left of the owners before. */
  Inheritance NONE =
      new Inheritance() {
        @Override
        public boolean mayBeHeld(Ino ino) {
          return false;
        }

        @Override
        public boolean lostWrites(Ino ino) {
          return false;
        }

        @Override
        public boolean hasLost(Ino ino) {
          return false;
        }

        @Override
        public void told(Ino ino, long handle) {
          // Nothing was lost.
        }
      };

  /**
   * Whether a handle of the inode may be open that has not come back yet: the inode must not go.
   */
  boolean mayBeHeld(Ino ino);

  /** Whether the inode lost writes and nobody has been told: who opens it now is to be told too. */
  boolean lostWrites(Ino ino);

  /** Whether the inode lost writes, whoever has been told. */
  boolean hasLost(Ino ino);

  /** Notes that a sync through a handle is about to fail because the inode lost writes. */
  void told(Ino ino, long handle);
}
