package io.strata.vhost.protocol;

import java.io.IOException;

/** What a peer sent is no message of the protocol; says which message and which field. */
public final class MalformedMessage extends IOException {
  private static final long serialVersionUID = 1L;

  /** Something about {@code field} of {@code message} is wrong. */
  public MalformedMessage(String message, String field, String what) {
    super(message + ": " + field + " " + what);
  }
}
