package io.strata.cli.serving;

import java.time.Duration;

/**
 * How guests lock.
 *
 * @param policy where their locks are
 * @param lease how long a guest keeps locks that are shared after its front end has gone
 */
public record LockSettings(LockPolicy policy, Duration lease) {
  /** Monitors that connect again after a failure try it for a minute at most. */
  public static final LockSettings DEFAULT =
      new LockSettings(LockPolicy.AUTO, Duration.ofMinutes(2));

  public LockSettings {
    if (lease.isNegative()) {
      throw new IllegalArgumentException("a lease of " + lease);
    }
  }
}
