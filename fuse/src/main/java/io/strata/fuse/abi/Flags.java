package io.strata.fuse.abi;

/** Bits within requests and replies, other than those of INIT ({@link InitFlags}). */
public final class Flags {
  /** GETATTR: the handle counts. */
  public static final int GET_HANDLE = 1;

  /** SETATTR: which fields count. */
  public static final int SET_MODE = 1;

  public static final int SET_UID = 1 << 1;
  public static final int SET_GID = 1 << 2;
  public static final int SET_SIZE = 1 << 3;
  public static final int SET_ATIME = 1 << 4;
  public static final int SET_MTIME = 1 << 5;
  public static final int SET_HANDLE = 1 << 6;
  public static final int SET_ATIME_NOW = 1 << 7;
  public static final int SET_MTIME_NOW = 1 << 8;
  public static final int SET_CTIME = 1 << 10;
  public static final int SET_KILL_SUIDGID = 1 << 11;

  /** Attributes in a reply about a name: it is the root of a filesystem of its own. */
  public static final int ATTRIBUTES_SUBMOUNT = 1;

  /** Reply to OPEN: reads and writes pass by the page cache. */
  public static final int OPENED_DIRECT_IO = 1;

  /** Reply to OPEN and OPENDIR: what is cached of the file from before stays valid. */
  public static final int OPENED_KEEP_CACHE = 1 << 1;

  /** Reply to OPEN: write-through data needs no flush at close (without writeback cache). */
  public static final int OPENED_NO_FLUSH = 1 << 5;

  /** Reply to OPEN: direct writes within the file may be sent side by side. */
  public static final int OPENED_PARALLEL_DIRECT_WRITES = 1 << 6;

  /** OPEN with O_TRUNC by a caller without CAP_FSETID. */
  public static final int OPEN_KILL_SUIDGID = 1;

  /** WRITE comes from the page cache, its handle is a guess. */
  public static final int WRITE_FROM_CACHE = 1;

  /** WRITE by a caller without CAP_FSETID. */
  public static final int WRITE_KILL_SUIDGID = 1 << 2;

  /** GETLK, SETLK and SETLKW are about flock(2). */
  public static final int LOCK_FLOCK = 1;

  /** FSYNC of data only. */
  public static final int SYNC_DATA_ONLY = 1;

  /** RENAME2, as renameat2(2). */
  public static final int RENAME_NO_REPLACE = 1;

  public static final int RENAME_EXCHANGE = 1 << 1;

  private Flags() {}
}
