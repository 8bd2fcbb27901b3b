package io.strata.fuse.linux;

import java.io.IOException;

/** A system call failed. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** The call {@code call}, written as a person would, failed with a positive {@code errno}. */
  public SystemCallException(String call, int errno) {
    super(call + ": " + Errors.text(errno));
    this.errno = errno;
  }

  /** The positive error number. */
  public int errno() {
    return errno;
  }
}
