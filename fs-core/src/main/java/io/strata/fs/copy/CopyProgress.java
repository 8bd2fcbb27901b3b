package io.strata.fs.copy;

/** Is told how far a copy has come; often, on the copy's thread. */
@FunctionalInterface
public interface CopyProgress {
  /**
   * So much is done.
   *
   * @param objects looked at so far, copied or found there
   * @param bytes their length
   */
  void at(long objects, long bytes);
}
