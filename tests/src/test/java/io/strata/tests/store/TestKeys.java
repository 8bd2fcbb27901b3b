package io.strata.tests.store;

import java.util.HashMap;
import java.util.Map;

/** Credentials for tests in which the proxy alone answers. For one thread. */
final class TestKeys {
  private static final Map<String, String> KEYS =
      Map.of(
          "aws.accessKeyId", "test",
          "aws.secretAccessKey", "test",
          "aws.region", "us-east-1");

  private final Map<String, String> set = new HashMap<>();

  /** Sets system properties: the usual keys, and these. */
  void set(Map<String, String> more) {
    set.putAll(KEYS);
    set.putAll(more);
    set.forEach(System::setProperty);
  }

  /** Leaves it to the environment again. */
  void restore() {
    set.keySet().forEach(System::clearProperty);
  }
}
