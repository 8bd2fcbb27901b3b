package io.strata.cli.control;

import java.io.IOException;

/** A daemon could not do what it was asked; the message is the daemon's own. */
public final class ControlFailure extends IOException {
  private static final long serialVersionUID = 1L;

  ControlFailure(String message) {
    super(message);
  }
}
