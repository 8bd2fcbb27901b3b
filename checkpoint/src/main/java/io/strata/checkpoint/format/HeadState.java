package io.strata.checkpoint.format;

/** Whether a head's owner meant it to be the last. */
public enum HeadState {
  /** The owner went on: behind the head there may be a log to replay, and the owner may live. */
  OPEN(0),
  /** The owner has left, and everything is in the tree. */
  CLOSED(1);

  private final int code;

  HeadState(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
