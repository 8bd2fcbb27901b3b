package io.strata.vhost.queue;

import io.strata.vhost.memory.GuestMemory;
import java.util.concurrent.atomic.AtomicBoolean;

/** A chain that is in flight. It holds the memory table that it was made with. */
final class Chain implements DescriptorChain {
  private final VirtQueue queue;
  private final GuestMemory memory;
  private final Ring.Taken taken;
  private final ChainBuffers readable;
  private final ChainBuffers writable;
  private final AtomicBoolean completed = new AtomicBoolean();

  Chain(VirtQueue queue, GuestMemory memory, Ring.Taken taken) {
    memory.retain();
    this.queue = queue;
    this.memory = memory;
    this.taken = taken;
    this.readable = new ChainBuffers(queue, taken.buffers().readable());
    this.writable = new ChainBuffers(queue, taken.buffers().writable());
  }

  @Override
  public int head() {
    return taken.head();
  }

  @Override
  public GuestBuffers readable() {
    return readable;
  }

  @Override
  public GuestBuffers writable() {
    return writable;
  }

  @Override
  public void complete(long writtenBytes) {
    if (writtenBytes < 0 || writtenBytes > writable.byteSize()) {
      throw new IllegalArgumentException(writtenBytes + " bytes written of " + writable.byteSize());
    }
    if (!completed.compareAndSet(false, true)) {
      throw new IllegalStateException("chain " + head() + " was completed before");
    }
    try {
      queue.complete(taken, (int) writtenBytes);
    } finally {
      memory.release();
    }
  }
}
