package io.strata.fs;

/** Flags of {@code open(2)} on x86-64 and most other Linux machines (asm-generic/fcntl.h). */
public final class OpenFlags {
  public static final int ACCESS_MASK = 3;
  public static final int READ_ONLY = 0;
  public static final int WRITE_ONLY = 1;
  public static final int READ_WRITE = 2;
  public static final int EXCLUSIVE = 0200;
  public static final int TRUNCATE = 01000;
  public static final int APPEND = 02000;
  public static final int SYNC_DATA = 010000;
  public static final int NO_ACCESS_TIME = 01000000;
  public static final int SYNC = 04010000;

  private OpenFlags() {}

  /** Whether a handle with these flags can be read. */
  public static boolean reads(int flags) {
    return (flags & ACCESS_MASK) != WRITE_ONLY;
  }

  /** Whether a handle with these flags can be written. */
  public static boolean writes(int flags) {
    return (flags & ACCESS_MASK) != READ_ONLY;
  }
}
