package io.strata.fuse.abi;

/** Requests about the connection as a whole. */
public sealed interface SessionRequest extends Request {
  /**
   * INIT: what the kernel can do.
   *
   * @param maxReadahead bytes
   * @param flags {@code FUSE_*} of {@link InitFlags}, both words
   */
  record Init(int major, int minor, int maxReadahead, long flags) implements SessionRequest {}

  /** DESTROY: nothing follows. */
  record Destroy() implements SessionRequest {}

  /** FORGET: the kernel drops the header's node from its cache. */
  record Forget() implements SessionRequest {}

  /** BATCH_FORGET: it drops several. */
  @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
  record ForgetSeveral(long[] nodes) implements SessionRequest {}

  /** INTERRUPT: nobody waits for the request named {@code unique} any more. */
  record Interrupt(long unique) implements SessionRequest {}

  /** SYNCFS. */
  record SyncAll() implements SessionRequest {}
}
