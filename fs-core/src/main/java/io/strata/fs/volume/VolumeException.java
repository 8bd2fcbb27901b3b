package io.strata.fs.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a volume cannot be formatted, opened or kept. The message is one line that says what to do.
 */
public final class VolumeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public VolumeException(Reason reason, String message) {
    this(reason, message, null);
  }

  VolumeException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What kind of obstacle. */
  public Reason reason() {
    return reason;
  }

  /** Kinds of obstacles. */
  public enum Reason {
    /** There is no volume. */
    ABSENT,
    /** There is something already where a volume is to be made. */
    OCCUPIED,
    /** Another process owns it. */
    HELD,
    /** Another process has taken it over. */
    FENCED,
    /** The store ignores {@code If-None-Match}. */
    UNCONDITIONAL_STORE,
    /** What was asked for cannot be done with this volume as it is; nothing was changed. */
    REFUSED,
    /** An object is missing or is not what was written. */
    DAMAGED
  }
}
