package io.strata.fs;

/**
 * The operation would have to wait and its caller may not ({@link Caller#mayWait}). Nothing has
 * changed: run it again where it may wait.
 */
public final class WouldBlock extends FsException {
  private static final long serialVersionUID = 1L;

  /** Costs little: there is no stack trace. */
  public WouldBlock() {
    super(Errno.EAGAIN, "would wait for the store");
  }
}
