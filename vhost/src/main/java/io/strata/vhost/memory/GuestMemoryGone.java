package io.strata.vhost.memory;

/** Guest memory was torn away by whoever lent it. The connection is of no use any more. */
public final class GuestMemoryGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GuestMemoryGone(Throwable cause) {
    super("guest memory is gone: " + cause.getMessage(), cause);
  }
}
