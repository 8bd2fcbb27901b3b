package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.server.Exchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What is left of an exchange whose request waits and brought data: a copy of it, no longer than it
 * is, and room for a small reply. Confined to whoever holds it.
 */
final class KeptRequestExchange implements Exchange {
  private final WaitingMemory memory;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment request;
  private final ReplyOnlyExchange answer;

  /** Of memory that was acquired for it. */
  KeptRequestExchange(
      Descriptor from, MemorySegment request, int replyBytes, WaitingMemory memory) {
    this.memory = memory;
    this.request = arena.allocate(request.byteSize(), Long.BYTES).copyFrom(request);
    this.answer = new ReplyOnlyExchange(from, replyBytes);
  }

  @Override
  public MemorySegment request() {
    return request;
  }

  @Override
  public MemorySegment reply() {
    return answer.reply();
  }

  @Override
  public boolean send(int bytes) {
    try {
      return answer.send(bytes);
    } finally {
      discard();
    }
  }

  @Override
  public void discard() {
    long bytes = request.byteSize();
    arena.close();
    memory.releaseRequest(bytes);
  }
}
