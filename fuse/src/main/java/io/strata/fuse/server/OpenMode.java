package io.strata.fuse.server;

import io.strata.fs.OpenFlags;
import io.strata.fuse.abi.Flags;

/**
 * How files are opened, as the kernel caches them.
 *
 * @param cache what it may keep
 * @param writebackCache whether the kernel holds written data back
 * @param sharedLocks whether locks are kept here, so that each close of a descriptor matters
 */
record OpenMode(CacheMode cache, boolean writebackCache, boolean sharedLocks) {
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

  /** Whether it matters for {@link #openedFlags} that a file is unchanged. */
  boolean asksForChanges() {
    return cache == CacheMode.AUTO;
  }

  /** What the kernel is told of an opened file ({@link CacheMode#openedFlags}). */
  int openedFlags(boolean unchanged) {
    boolean closeMatters = writebackCache || sharedLocks;
    return cache.openedFlags(unchanged) | (closeMatters ? 0 : Flags.OPENED_NO_FLUSH);
  }
}
