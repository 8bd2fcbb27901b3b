package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.server.FuseSession;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests from one descriptor until the filesystem is unmounted. One platform thread. */
final class DeviceReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceReader.class);

  private final Descriptor device;
  private final ExchangePool pool;
  private final FuseSession session;
  private final Runnable atEnd;

  /** Odd while it may have a request of which nobody else knows. */
  private final AtomicLong turn = new AtomicLong();

  DeviceReader(Descriptor device, ExchangePool pool, FuseSession session, Runnable atEnd) {
    this.device = device;
    this.pool = pool;
    this.session = session;
    this.atEnd = atEnd;
  }

  @Override
  public void run() {
    try {
      boolean more = true;
      while (more) {
        DeviceExchange exchange = pool.take();
        turn.incrementAndGet();
        long result = exchange.receive(device);
        if (result == 0) {
          session.accept(exchange);
        } else {
          exchange.discard();
          more = goesOn((int) -result);
        }
        turn.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      atEnd.run();
    }
  }

  /** For {@link #hasHandedOver}. */
  long turn() {
    return turn.get();
  }

  /** Whether what it had read when its turn was this one is with the session. */
  boolean hasHandedOver(long then) {
    return then % 2 == 0 || turn.get() != then;
  }

  private static boolean goesOn(int errno) {
    return switch (errno) {
      // ENOENT: the request was taken back before it was read.
      case Errors.EINTR, Errors.EAGAIN, Errors.ENOENT -> true;
      case Errors.ENODEV -> false;
      case Errors.ECONNABORTED -> {
        LOG.warn("the connection to the kernel was aborted");
        yield false;
      }
      default -> {
        LOG.error("cannot read requests: {}", Errors.text(errno));
        yield false;
      }
    };
  }
}
