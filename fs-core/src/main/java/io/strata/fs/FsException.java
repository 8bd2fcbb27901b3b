package io.strata.fs;

import org.jspecify.annotations.Nullable;

/** An operation failed as POSIX says it may; the volume is as it was before. */
public class FsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  public FsException(Errno errno, String message) {
    this(errno, message, null);
  }

  public FsException(Errno errno, String message, @Nullable Throwable cause) {
    // A failed look-up is everyday business: only failures with a cause are worth a stack trace.
    super(message, cause, true, cause != null);
    this.errno = errno;
  }

  /** What the caller is told. */
  public Errno errno() {
    return errno;
  }
}
