package io.strata.vhost.fs;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room for copies of large requests, and the line of those that wait for some. Nobody blocks: who
 * comes to the head of the line is called. Safe for any thread.
 */
final class StagingLine implements AutoCloseable {
  /** Who wants room; exactly one of these is called, once. */
  interface User {
    /** Has room, to be given back. */
    void use(MemorySegment room);

    /** Will get none any more. */
    void refused();
  }

  private record Waiting(long bytes, User user) {}

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock:
  private final StagingMemory memory;
  private final ArrayDeque<Waiting> line = new ArrayDeque<>();
  private boolean serving;
  private boolean closed;

  /** Uses so much, in steps of a slab, and at least one. */
  StagingLine(long bytesMax) {
    this.memory = new StagingMemory(bytesMax);
  }

  /**
   * Gives {@code user} room, now and on this thread, or later on another; refuses after the end.
   *
   * @param bytes at most a slab
   */
  void await(long bytes, User user) {
    MemorySegment room = null;
    boolean refused;
    lock.lock();
    try {
      refused = closed;
      if (!refused && line.isEmpty()) {
        room = memory.take(bytes);
      }
      if (!refused && room == null) {
        line.add(new Waiting(bytes, user));
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      user.refused();
    } else if (room != null) {
      user.use(room);
    }
  }

  /** Takes room back, and serves the line with it. */
  void give(MemorySegment room) {
    lock.lock();
    try {
      memory.give(room);
      if (closed && memory.taken() == 0) {
        memory.close();
      }
      if (serving || closed) {
        return;
      }
      serving = true;
    } finally {
      lock.unlock();
    }
    serve();
  }

  /** A loop, not a recursion: whoever is served may give its room back at once. */
  private void serve() {
    while (true) {
      Waiting next;
      MemorySegment room;
      lock.lock();
      try {
        next = line.peek();
        room = next == null || closed ? null : memory.take(next.bytes());
        if (next == null || room == null) {
          serving = false;
          return;
        }
        line.remove();
      } finally {
        lock.unlock();
      }
      next.user().use(room);
    }
  }

  /** How many wait. */
  int waiting() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses whoever waits, and frees the memory when the last room is given back. */
  @Override
  public void close() {
    List<Waiting> refused;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      refused = List.copyOf(line);
      line.clear();
      if (memory.taken() == 0) {
        memory.close();
      }
    } finally {
      lock.unlock();
    }
    refused.forEach(waiting -> waiting.user().refused());
  }
}
