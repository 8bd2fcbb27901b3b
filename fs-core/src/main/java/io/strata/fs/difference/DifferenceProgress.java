package io.strata.fs.difference;

/** Learns how far a comparison has come. */
@FunctionalInterface
public interface DifferenceProgress {
  /** What takes time. */
  enum Step {
    /** Entries that differ are gathered. */
    COMPARING,
    /** The names of files are looked for that changed and kept their names. */
    NAMING
  }

  /** Tells nobody. */
  DifferenceProgress NONE = (step, entries) -> {};

  /**
   * A step goes on.
   *
   * @param entries how many it has gone through
   */
  void going(Step step, long entries);
}
