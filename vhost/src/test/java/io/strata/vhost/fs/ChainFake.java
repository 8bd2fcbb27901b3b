package io.strata.vhost.fs;

import io.strata.vhost.queue.DescriptorChain;
import io.strata.vhost.queue.GuestBuffers;
import io.strata.vhost.queue.QueueBrokenException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A chain without a ring, which knows how it ended. */
final class ChainFake implements DescriptorChain {
  private final MemorySegment request;
  private final MemorySegment reply;
  private final CompletableFuture<Long> completed = new CompletableFuture<>();

  /** Whether the memory behind it is gone. */
  volatile boolean torn;

  ChainFake(byte[] request, int replyBytes) {
    this.request = MemorySegment.ofArray(request);
    this.reply = MemorySegment.ofArray(new byte[replyBytes]);
  }

  private final class Buffers implements GuestBuffers {
    private final MemorySegment bytes;

    Buffers(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public long byteSize() {
      return bytes.byteSize();
    }

    private void requireWhole() {
      if (torn) {
        throw new QueueBrokenException("torn away");
      }
    }

    @Override
    public void copyTo(long at, MemorySegment into) {
      requireWhole();
      into.copyFrom(bytes.asSlice(at, into.byteSize()));
    }

    @Override
    public void copyFrom(MemorySegment from, long at) {
      requireWhole();
      bytes.asSlice(at, from.byteSize()).copyFrom(from);
    }
  }

  @Override
  public int head() {
    return 0;
  }

  @Override
  public GuestBuffers readable() {
    return new Buffers(request);
  }

  @Override
  public GuestBuffers writable() {
    return new Buffers(reply);
  }

  @Override
  public void complete(long writtenBytes) {
    if (!completed.complete(writtenBytes)) {
      throw new AssertionError("completed twice");
    }
  }

  boolean isCompleted() {
    return completed.isDone();
  }

  /** What was written, once it is completed. */
  byte[] written() {
    return Arrays.copyOf(reply.toArray(ValueLayout.JAVA_BYTE), Math.toIntExact(completed.join()));
  }

  /** The errno in the reply's header, positive; 0 for success. */
  int errno() {
    return -MemorySegment.ofArray(written()).get(ValueLayout.JAVA_INT_UNALIGNED, 4);
  }
}
