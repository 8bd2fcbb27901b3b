package io.strata.fsck;

/** Is told how far a check has come. Called often, on the check's thread: it should be quick. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress SILENT = (step, done, total) -> {};

  /**
   * So much of a step is done.
   *
   * @param done how much, from 0
   * @param total how much there is; 0 if that is not known
   */
  void at(Step step, long done, long total);
}
