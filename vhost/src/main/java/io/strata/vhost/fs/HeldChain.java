package io.strata.vhost.fs;

import io.strata.vhost.queue.DescriptorChain;

/**
 * A chain that counts as held until it is completed.
 *
 * @param buffers the chain itself
 * @param held where it counts
 */
record HeldChain(DescriptorChain buffers, HeldChains held) {
  /** Completes it, which is the end of it. */
  void complete(long written) {
    try {
      buffers.complete(written);
    } finally {
      held.less();
    }
  }
}
