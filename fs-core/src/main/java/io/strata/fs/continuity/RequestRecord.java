package io.strata.fs.continuity;

import io.strata.fs.GroupListener;

/**
 * What is remembered of a request from the moment it writes its first group until it is answered,
 * so that it is never run twice. One thread at a time.
 */
public interface RequestRecord extends GroupListener {
  /**
   * The request has come to its end and is about to be answered. One that has failed says nothing:
   * were it not to be answered, it could be run again.
   *
   * @param result a number that its answer is made of, not negative
   */
  void finished(long result);

  /** The request is answered, or will never be: it will not come again. */
  void answered();
}
