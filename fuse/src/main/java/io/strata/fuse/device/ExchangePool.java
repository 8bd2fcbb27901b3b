package io.strata.fuse.device;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The buffers of a connection: made when needed, up to a limit, used again last in first out so
 * that few pages stay warm. Safe for any thread.
 */
final class ExchangePool {
  private final int payloadBytesMax;
  private final int exchangesMax;
  private final WaitingMemory waiting;
  private final Arena arena = Arena.ofShared();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();

  /** Guarded by {@code lock}, as is {@code made}. */
  private final ArrayDeque<DeviceExchange> free = new ArrayDeque<>();

  private int made;

  /**
   * A pool of at most {@code bytesMax} bytes, but never fewer than {@code exchangesMin} buffers. What
   * waits while they are scarce may take one and a half times as much besides.
   */
  ExchangePool(int payloadBytesMax, long bytesMax, int exchangesMin) {
    this.payloadBytesMax = payloadBytesMax;
    this.exchangesMax = Math.clamp(bytesMax / payloadBytesMax, exchangesMin, Integer.MAX_VALUE);
    this.waiting = new WaitingMemory(bytesMax / 2, bytesMax, payloadBytesMax);
  }

  /** Waits for a free one. */
  DeviceExchange take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (free.isEmpty()) {
        if (made < exchangesMax) {
          made++;
          return new DeviceExchange(this, arena, payloadBytesMax);
        }
        returned.await();
      }
      return free.pop();
    } finally {
      lock.unlock();
    }
  }

  /** Whether more than half of all buffers are in use, so that who waits should have none. */
  boolean isScarce() {
    lock.lock();
    try {
      return made - free.size() > exchangesMax / 2;
    } finally {
      lock.unlock();
    }
  }

  /** What those may have who give their buffer back. */
  WaitingMemory waiting() {
    return waiting;
  }

  void give(DeviceExchange exchange) {
    lock.lock();
    try {
      free.push(exchange);
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Frees all memory, if nobody can use it any more: all buffers are back. */
  boolean close() {
    lock.lock();
    try {
      if (free.size() < made) {
        return false;
      }
      made = exchangesMax;
      free.clear();
      arena.close();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
