package io.strata.fuse.abi;

import io.strata.fs.schema.Timestamp;

/** Requests about an inode. */
public sealed interface NodeRequest extends Request {
  /** GETATTR; {@code handle} is 0 if the kernel names none. */
  record GetAttributes(long handle) implements NodeRequest {}

  /** STATX. */
  record GetStatx() implements NodeRequest {}

  /**
   * SETATTR. A field counts if its {@code FATTR_*} bit is set in {@code valid}; others are zero.
   */
  record SetAttributes(
      int valid,
      long handle,
      int mode,
      int uid,
      int gid,
      long size,
      Timestamp accessed,
      Timestamp modified,
      Timestamp changed)
      implements NodeRequest {
    /** Whether a bit is set in {@code valid}. */
    public boolean has(int bit) {
      return (valid & bit) != 0;
    }
  }

  /** READLINK. */
  record ReadLink() implements NodeRequest {}

  /** ACCESS; {@code mask} as access(2). */
  record Access(int mask) implements NodeRequest {}

  /** STATFS. */
  record StatFs() implements NodeRequest {}
}
