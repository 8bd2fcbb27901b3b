package io.strata.fuse.server;

import io.strata.fs.OpenFlags;
import io.strata.fuse.abi.Flags;

/**
 * How files are opened, as the kernel caches them.
 *
 * @param writebackCache whether the kernel holds written data back
 */
record OpenMode(boolean writebackCache) {
  /**
   * The flags to open a file with when the kernel asks for {@code flags}. With a writeback cache it
   * also reads through handles that are only open for writing, to fill up pages, and finds the
   * place to append at by itself.
   */
  int flags(int flags) {
    if (!writebackCache) {
      return flags;
    }
    int access = flags & OpenFlags.ACCESS_MASK;
    int readable = access == OpenFlags.WRITE_ONLY ? OpenFlags.READ_WRITE : access;
    return (flags & ~(OpenFlags.ACCESS_MASK | OpenFlags.APPEND)) | readable;
  }

  /**
   * What the kernel is told of an opened file: what it has cached stays valid, and without a
   * writeback cache there is nothing to do when it is closed.
   */
  int openedFlags() {
    return writebackCache
        ? Flags.OPENED_KEEP_CACHE
        : Flags.OPENED_KEEP_CACHE | Flags.OPENED_NO_FLUSH;
  }
}
