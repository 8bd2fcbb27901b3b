package io.strata.cli.demo;

/** Counts what a step has done so far, for whoever watches. */
@FunctionalInterface
interface Progress {
  /**
   * One more is done.
   *
   * @param all how many there will be; 0 if that is not known
   */
  void advance(int all);
}
