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

  /** FORGET and BATCH_FORGET: the kernel drops {@code nodes} nodes from its cache. */
  record Forget(int nodes) implements SessionRequest {}

  /** INTERRUPT: nobody waits for the request named {@code unique} any more. */
  record Interrupt(long unique) implements SessionRequest {}

  /** SYNCFS. */
  record SyncAll() implements SessionRequest {}
}
