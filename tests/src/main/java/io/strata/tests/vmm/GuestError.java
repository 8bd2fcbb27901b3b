package io.strata.tests.vmm;

/** A request was answered with an error. */
public final class GuestError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  GuestError(int errno) {
    super("errno " + errno);
    this.errno = errno;
  }

  /** The positive errno. */
  public int errno() {
    return errno;
  }
}
