package io.strata.fuse.abi;

/** A message is not what the protocol allows: the peer is broken, or not a kernel. */
public final class MalformedRequest extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong; has no stack trace, as a hostile peer may send many of these. */
  public MalformedRequest(String message) {
    super(message, null, false, false);
  }
}
