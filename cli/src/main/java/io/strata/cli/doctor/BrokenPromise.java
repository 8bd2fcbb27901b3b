package io.strata.cli.doctor;

/** A store did what it must not; the message says what, in one line. */
final class BrokenPromise extends Exception {
  private static final long serialVersionUID = 1L;

  BrokenPromise(String message) {
    super(message);
  }
}
