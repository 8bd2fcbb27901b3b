package io.strata.vhost.fs;

import io.strata.fuse.server.Exchange;
import io.strata.vhost.queue.QueueBrokenException;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that was copied from its chain, and room for the reply behind it. Confined to whoever
 * holds it.
 */
final class ChainExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(ChainExchange.class);

  private final HeldChain chain;
  private final MemorySegment request;
  private final MemorySegment reply;

  /** What both lie in, and where it goes back to. */
  private final MemorySegment staged;

  private final Consumer<MemorySegment> giveBack;

  /**
   * An exchange in {@code staged}, the first bytes of which are the request.
   *
   * @param giveBack takes {@code staged} when it is not needed any more
   */
  ChainExchange(
      HeldChain chain, MemorySegment staged, long requestBytes, Consumer<MemorySegment> giveBack) {
    this.chain = chain;
    this.request = staged.asSlice(0, requestBytes);
    this.reply = staged.asSlice(requestBytes);
    this.staged = staged;
    this.giveBack = giveBack;
  }

  @Override
  public MemorySegment request() {
    return request;
  }

  @Override
  public MemorySegment reply() {
    return reply;
  }

  /** Waiting may take long: a large room is given back, as far as it is not needed. */
  @Override
  public Exchange withReplyOnly(int bytes) {
    long room = Math.min(bytes, reply.byteSize());
    if (2 * room > staged.byteSize()) {
      return this;
    }
    MemorySegment smaller = MemorySegment.ofArray(new byte[(int) room]);
    giveBack.accept(staged);
    return new ChainExchange(chain, smaller, 0, none -> {});
  }

  @Override
  public boolean send(int bytes) {
    boolean sent = false;
    try {
      chain.buffers().writable().copyFrom(reply.asSlice(0, bytes), 0);
      sent = true;
    } catch (QueueBrokenException e) {
      // Whoever broke it has been told, and the queue has said so in the log.
      LOG.debug("a reply of {} bytes cannot be given", bytes, e);
    }
    end(sent ? bytes : 0);
    return sent;
  }

  @Override
  public void discard() {
    end(0);
  }

  /** The room comes last: others are served with it, on this thread. */
  private void end(int written) {
    try {
      chain.complete(written);
    } finally {
      giveBack.accept(staged);
    }
  }
}
