package io.strata.store.fault;

import java.time.Duration;

/**
 * What becomes of one request.
 *
 * @param kind whether it takes effect and is answered
 * @param delay how long it takes before anything else happens, at least zero
 */
public record Fault(Kind kind, Duration delay) {
  /** The request is served. */
  public static final Fault PASS = new Fault(Kind.PASS);

  /** The request is lost: no effect, no answer. */
  public static final Fault FAIL_BEFORE = new Fault(Kind.FAIL_BEFORE);

  /** The request takes effect; its answer is lost. */
  public static final Fault FAIL_AFTER = new Fault(Kind.FAIL_AFTER);

  /** As {@link #FAIL_BEFORE}, and so is every later request. */
  public static final Fault CRASH_BEFORE = new Fault(Kind.CRASH_BEFORE);

  /** As {@link #FAIL_AFTER}, and every later request is lost. */
  public static final Fault CRASH_AFTER = new Fault(Kind.CRASH_AFTER);

  /** Whether a request takes effect and is answered. */
  public enum Kind {
    PASS,
    FAIL_BEFORE,
    FAIL_AFTER,
    CRASH_BEFORE,
    CRASH_AFTER
  }

  public Fault {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("no such delay: " + delay);
    }
  }

  private Fault(Kind kind) {
    this(kind, Duration.ZERO);
  }

  /** The same after a delay. */
  public Fault delayed(Duration delay) {
    return new Fault(kind, delay);
  }
}
