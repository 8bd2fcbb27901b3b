package io.strata.fs.locks;

/**
 * How much one guest may take of a table; more ends in ENOLCK.
 *
 * @param heldMax ranges held, about 150 bytes of memory each
 * @param waitingMax requests that wait. A guest has no other place for them than its queue of
 *     requests: were that full of them, the unlocking that they wait for could not come through
 */
public record LockLimits(int heldMax, int waitingMax) {
  /** 65,536 ranges; 32 waiting, where the smallest usual ring (128, three a request) holds 42. */
  public static final LockLimits STANDARD = new LockLimits(1 << 16, 32);

  public LockLimits {
    if (heldMax < 1 || waitingMax < 0) {
      throw new IllegalArgumentException("limits of %d and %d".formatted(heldMax, waitingMax));
    }
  }
}
