package io.strata.fs;

import org.jspecify.annotations.Nullable;

/**
 * On whose behalf an operation runs.
 *
 * @param uid the user that new files belong to
 * @param gid the group that new files belong to
 * @param pid the process, for diagnosis only; 0 if unknown
 * @param mayWait whether the operation may wait for the store or for memory; if not it throws {@link
 *     WouldBlock} where it would, having changed nothing
 * @param listener learns of the groups that the operation writes; null if nobody cares
 */
public record Caller(
    int uid, int gid, int pid, boolean mayWait, @Nullable GroupListener listener) {
  /** Strata itself, acting as root and able to wait. */
  public static final Caller ROOT = new Caller(0, 0, 0, true);

  /** A caller whose groups nobody listens to. */
  public Caller(int uid, int gid, int pid, boolean mayWait) {
    this(uid, gid, pid, mayWait, null);
  }

  /** The same, not able to wait. */
  public Caller hasty() {
    return new Caller(uid, gid, pid, false, listener);
  }

  /** The same with nobody listening. */
  public Caller unheard() {
    return new Caller(uid, gid, pid, mayWait, null);
  }

  /** The same under other ids. */
  public Caller as(int uid, int gid) {
    return new Caller(uid, gid, pid, mayWait, listener);
  }
}
