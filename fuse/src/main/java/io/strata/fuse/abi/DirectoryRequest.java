package io.strata.fuse.abi;

/** Requests about an open directory. */
public sealed interface DirectoryRequest extends Request {
  /** OPENDIR. */
  record OpenDirectory() implements DirectoryRequest {}

  /** READDIR, or READDIRPLUS where {@code plus}: entries from a cookie on, up to {@code size}. */
  record ReadDirectory(long handle, long cookie, int size, boolean plus)
      implements DirectoryRequest {}

  /** RELEASEDIR. */
  record ReleaseDirectory(long handle) implements DirectoryRequest {}

  /** FSYNCDIR. */
  record SyncDirectory(long handle) implements DirectoryRequest {}
}
