package io.strata.tests.proxy;

import java.time.Duration;

/** Decides what becomes of each request. */
@FunctionalInterface
public interface ProxyPlan {
  /** What becomes of a request; called once for each, by any thread, and must not block. */
  Treatment decide(ProxyRequest request);

  /**
   * What becomes of a request.
   *
   * @param delay how long it is held before anything else happens, at least zero
   * @param fault what happens then
   */
  record Treatment(Duration delay, ProxyFault fault) {
    public Treatment {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("no such delay: " + delay);
      }
    }
  }

  /** Everything passes after a delay. */
  static ProxyPlan delay(Duration delay) {
    Treatment treatment = new Treatment(delay, ProxyFault.PASS);
    return request -> treatment;
  }
}
