package io.strata.tests.hostile;

/**
 * Something that a guest or front-end may try.
 *
 * @param name what it is
 * @param attempt does it
 */
record Attack(String name, Attempt attempt) {
  /** Does harm, or tries to. Throws only if the daemon does what it must not. */
  @FunctionalInterface
  interface Attempt {
    void against(Target target) throws Exception;
  }

  /** Whether it is a wait for the daemon to lose its patience. */
  boolean slow() {
    return name.contains("silence");
  }

  @Override
  public String toString() {
    return name;
  }
}
