package io.strata.vhost.memory;

import java.io.IOException;

/** A front end described memory that cannot be. */
public final class InvalidGuestMemory extends IOException {
  private static final long serialVersionUID = 1L;

  InvalidGuestMemory(String message) {
    super(message);
  }

  InvalidGuestMemory(String message, Throwable cause) {
    super(message, cause);
  }
}
