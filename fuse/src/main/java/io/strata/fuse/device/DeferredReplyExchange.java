package io.strata.fuse.device;

import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.server.Exchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an exchange whose request waits and is answered with data: nothing, until there is
 * {@link #awaitRoom room}. Before that there is room for an error only. Confined to whoever holds it.
 */
final class DeferredReplyExchange implements Exchange {
  private final Descriptor from;
  private final int bytes;
  private final WaitingMemory memory;
  private @Nullable Arena arena;
  private MemorySegment reply = MemorySegment.ofArray(new byte[ReplyHeader.BYTES]);

  DeferredReplyExchange(Descriptor from, int bytes, WaitingMemory memory) {
    this.from = from;
    this.bytes = bytes;
    this.memory = memory;
  }

  @Override
  public void awaitRoom() throws InterruptedException {
    memory.acquireReply(bytes);
    // Shared, as whatever fills it may be another thread.
    Arena own = Arena.ofShared();
    arena = own;
    reply = own.allocate(bytes);
  }

  @Override
  public MemorySegment request() {
    return MemorySegment.NULL;
  }

  @Override
  public MemorySegment reply() {
    return reply;
  }

  @Override
  public boolean send(int count) {
    try {
      return Replies.send(from, reply, count);
    } finally {
      discard();
    }
  }

  @Override
  public void discard() {
    if (arena != null) {
      arena.close();
      arena = null;
      memory.releaseReply(bytes);
    }
  }
}
