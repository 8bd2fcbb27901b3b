package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.server.Exchange;
import java.lang.foreign.MemorySegment;

/** What is left of an exchange whose request waits: room for a small reply, on the heap. */
final class ReplyOnlyExchange implements Exchange {
  private final Descriptor from;
  private final MemorySegment reply;

  ReplyOnlyExchange(Descriptor from, int bytes) {
    this.from = from;
    this.reply = MemorySegment.ofArray(new byte[bytes]);
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
  public boolean send(int bytes) {
    return Replies.send(from, reply, bytes);
  }

  @Override
  public void discard() {
    // Nobody else wants this memory.
  }
}
