package io.strata.vhost.backend;

import io.strata.vhost.protocol.FrontEndMessage;
import java.io.IOException;

/** A message that is well formed asks for what cannot be. */
final class RequestRefused extends IOException {
  private static final long serialVersionUID = 1L;

  RequestRefused(FrontEndMessage message, String field, String what) {
    super(message.type() + ": " + field + " " + what);
  }

  RequestRefused(FrontEndMessage message, Exception cause) {
    super(message.type() + ": " + cause.getMessage(), cause);
  }
}
