package io.strata.cli.command;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked; the message says what, where, and what to do. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  Failure(int status, String message) {
    this(status, message, null);
  }

  Failure(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** One of {@link ExitStatus}. */
  int status() {
    return status;
  }
}
