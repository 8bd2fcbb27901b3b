package io.strata.fs;

/**
 * On whose behalf an operation runs.
 *
 * @param uid the user that new files belong to
 * @param gid the group that new files belong to
 * @param pid the process, for diagnosis only; 0 if unknown
 * @param mayWait whether the operation may wait for the store or for memory; if not it throws {@link
 *     WouldBlock} where it would, having changed nothing
 */
public record Caller(int uid, int gid, int pid, boolean mayWait) {
  /** Strata itself, acting as root and able to wait. */
  public static final Caller ROOT = new Caller(0, 0, 0, true);

  /** The same, not able to wait. */
  public Caller hasty() {
    return new Caller(uid, gid, pid, false);
  }

  /** The same under other ids. */
  public Caller as(int uid, int gid) {
    return new Caller(uid, gid, pid, mayWait);
  }
}
