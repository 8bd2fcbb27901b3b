package io.strata.vhost.memory;

/**
 * The one place in which memory of others is touched, and in which it shows if that is gone.
 *
 * <p>HotSpot reports a fault in such an access by an asynchronous exception: the access itself
 * seems to succeed with any value, and the {@link InternalError} comes when the thread next looks
 * for one. That may be far behind compiled code, in the middle of something that must not end half
 * way. So after each access the thread is made to look: it does whenever it comes back from native
 * code.
 */
public final class GuestAccess {
  private static final Object NOBODY_LOCKS_THIS = new Object();

  private GuestAccess() {}

  /**
   * Runs loads, stores and copies. They may see any value if the memory is gone, so nothing may be
   * done with what they saw before this returns.
   *
   * @throws GuestMemoryGone if the memory is cut off, or unmapped
   */
  public static void run(Runnable access) {
    try {
      try {
        access.run();
      } finally {
        lookForFaults();
      }
    } catch (InternalError | IllegalStateException e) {
      // An InternalError from a few moves of memory means a fault; the other that it is unmapped.
      throw new GuestMemoryGone(e);
    }
  }

  /** Calls a native method that is no intrinsic; the cheapest that there is, some 10 ns. */
  private static void lookForFaults() {
    if (Thread.holdsLock(NOBODY_LOCKS_THIS)) {
      throw new AssertionError("nobody locks this");
    }
  }
}
