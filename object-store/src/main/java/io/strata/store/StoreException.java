package io.strata.store;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a store did not do what it was asked; the kinds are what the caller does next. */
public abstract sealed class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether sending the same request again may succeed. */
  public boolean retryable() {
    return false;
  }

  /** There is no such object. */
  public static final class Missing extends StoreException {
    private static final long serialVersionUID = 1L;

    public Missing(ObjectKey key, String location) {
      super("no object " + key + " in " + location, null);
    }
  }

  /** A conditional put found an object under its key. */
  public static final class Exists extends StoreException {
    private static final long serialVersionUID = 1L;

    public Exists(ObjectKey key, String location) {
      super("object " + key + " exists already in " + location, null);
    }
  }

  /**
   * The store did not answer, answered that it cannot now, or its answer was lost: whether the
   * request took effect is unknown. Send it again.
   */
  public static sealed class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean retryable() {
      return true;
    }
  }

  /** As {@link Unavailable}, because it is asked too much at present: ask less. */
  public static final class Throttled extends Unavailable {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    /**
     * Asked too much.
     *
     * @param retryAfter how long the store wants to be left alone, if it says so
     */
    public Throttled(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    /** How long the store wants to be left alone, if it says so. */
    public @Nullable Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The store refuses, and will until somebody changes its settings or ours. */
  public static final class Refused extends StoreException {
    private static final long serialVersionUID = 1L;

    public Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What the store holds is not what was written there. */
  public static final class Corrupt extends StoreException {
    private static final long serialVersionUID = 1L;

    public Corrupt(ObjectKey key, String what) {
      super("object " + key + " is damaged: " + what, null);
    }
  }

  /** The object was written by a later version of Strata. */
  public static final class TooNew extends StoreException {
    private static final long serialVersionUID = 1L;

    public TooNew(ObjectKey key, int found, int known) {
      super(
          "object %s has format version %d, this Strata reads up to %d: use a newer Strata"
              .formatted(key, found, known),
          null);
    }
  }
}
