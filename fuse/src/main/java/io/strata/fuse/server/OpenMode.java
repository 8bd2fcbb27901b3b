package io.strata.fuse.server;

import io.strata.fs.OpenFlags;
import io.strata.fs.PastNumber;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.Flags;

/**
 * How files are opened, as the kernel caches them.
 *
 * @param cache what it may keep
 * @param writebackCache whether the kernel holds written data back
 * @param submounts whether the kernel mounts the roots of snapshots by itself
 * @param sharedLocks whether locks are kept here, so that each close of a descriptor matters
 */
record OpenMode(CacheMode cache, boolean writebackCache, boolean submounts, boolean sharedLocks) {
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
  boolean asksForChanges(Ino ino) {
    return cache == CacheMode.AUTO && !PastNumber.isPast(ino);
  }

  /** What the kernel is told of an opened file ({@link CacheMode#openedFlags}). */
  int openedFlags(Ino ino, boolean unchanged) {
    boolean closeMatters = writebackCache || sharedLocks;
    // What is in a snapshot stays as it is, whoever else looks at it.
    int cached =
        PastNumber.isPast(ino) ? Flags.OPENED_KEEP_CACHE : cache.openedFlags(unchanged);
    return cached | (closeMatters ? 0 : Flags.OPENED_NO_FLUSH);
  }
}
