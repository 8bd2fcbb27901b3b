package io.strata.fs.locks;

import io.strata.fs.Errno;
import java.util.concurrent.CompletableFuture;

/**
 * A request that waits for a lock. Made and answered under the table's lock, exactly once.
 *
 * @param answer whether it has the lock; if not, why
 */
record Waiter(
    LockSpace space, LockOwner owner, WantedLock wanted, CompletableFuture<Outcome> answer) {
  /** How a wait ended. */
  sealed interface Outcome {
    /** It has the lock. */
    record Granted() implements Outcome {}

    /** It has not. */
    record Refused(Errno errno, String reason) implements Outcome {}
  }

  ByteRange range() {
    return wanted.range();
  }

  LockMode mode() {
    return wanted.mode();
  }

  /** Two requests may want the same: each is itself. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
