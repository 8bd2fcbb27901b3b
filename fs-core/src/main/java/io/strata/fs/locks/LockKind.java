package io.strata.fs.locks;

/** The two kinds of locks, which do not see each other. */
public enum LockKind {
  /** {@code fcntl(2)}: byte ranges of a process; a wait that could never end is refused. */
  POSIX,
  /**
   * {@code flock(2)}: a whole file, of an open file description. Who changes the mode and must wait
   * for it loses the old lock first, so that two who do so do not wait for each other.
   */
  FLOCK
}
