package io.strata.fuse.device;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.SystemCallException;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.Notifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mounted {@code /dev/fuse} descriptor and the threads that read it. {@link #serve} once, then
 * wait for the end with {@link #awaitEnd}; everything is closed by then. Its threads do not keep
 * the process alive. Safe for any thread.
 */
public final class FuseDevice {
  private static final Logger LOG = LoggerFactory.getLogger(FuseDevice.class);

  /** Where requests come from. */
  public static final String PATH = "/dev/fuse";

  /** FUSE_DEV_IOC_CLONE: _IOR(229, 0, uint32_t). */
  private static final long CLONE = 0x8004e500L;

  /** How long requests that wait may go on after the end of the connection. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Descriptor device;
  private final DeviceNotifier notifier;
  private final List<Descriptor> clones = new ArrayList<>();
  private volatile List<DeviceReader> running = List.of();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Takes over a descriptor that is or will be mounted. */
  public FuseDevice(Descriptor device) {
    this.device = device;
    this.notifier = new DeviceNotifier(device);
  }

  /** Tells the kernel things unasked. */
  public Notifier notifier() {
    return notifier;
  }

  /**
   * Starts reading.
   *
   * @param readers number of threads
   * @param payloadBytesMax of a request or reply
   * @param bufferBytesMax memory for requests in progress, all together
   */
  public void serve(FuseSession session, int readers, int payloadBytesMax, long bufferBytesMax) {
    // Each reader holds one buffer while it waits for a request; others must get in beside it.
    ExchangePool pool = new ExchangePool(payloadBytesMax, bufferBytesMax, 2 * readers);
    AtomicInteger left = new AtomicInteger(readers);
    Runnable atEnd =
        () -> {
          if (left.decrementAndGet() == 0) {
            end(session, pool);
          }
        };
    List<DeviceReader> all = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      all.add(new DeviceReader(i == 0 ? device : cloned(), pool, session, atEnd));
    }
    running = List.copyOf(all);
    for (int i = 0; i < readers; i++) {
      Thread.ofPlatform().daemon().name("fuse-reader-" + i).start(running.get(i));
    }
  }

  /**
   * Waits until the session has whatever was read from the kernel before this call, or the
   * connection has ended. A reader that waits for a request cannot be told from one that has just
   * got one, so each has to read another.
   *
   * @param ask sends a request to the mount and waits for the answer
   * @param pause between two of them
   */
  public void awaitHandedOver(Runnable ask, Duration pause) throws InterruptedException {
    Map<DeviceReader, Long> turns = new HashMap<>();
    running.forEach(reader -> turns.put(reader, reader.turn()));
    while (!turns.isEmpty()) {
      ask.run();
      turns.entrySet().removeIf(then -> then.getKey().hasHandedOver(then.getValue()));
      if (!turns.isEmpty() && awaitEnd(pause)) {
        return;
      }
    }
  }

  /**
   * A descriptor of the same connection with a queue of its own; the first one again if the device
   * cannot be opened once more, as where fusermount3 opened it.
   */
  private Descriptor cloned() {
    Descriptor clone = null;
    try {
      clone = Descriptor.open(PATH);
      clone.ioctl(CLONE, device.number(), "clone " + PATH);
      clones.add(clone);
      return clone;
    } catch (SystemCallException e) {
      LOG.debug("readers share one descriptor: {}", e.getMessage());
      if (clone != null) {
        clone.close();
      }
      return device;
    }
  }

  private void end(FuseSession session, ExchangePool pool) {
    try {
      if (session.close(GRACE) && pool.close()) {
        close();
      } else {
        LOG.warn("requests still run; what they use stays open until this process ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /**
   * Ends what is served though the kernel does not end the connection: whoever still uses it gets
   * errors from now on. The filesystem may be closed then; what belongs to the connection stays open
   * until the kernel ends it, or this process does.
   */
  public void desert(FuseSession session) throws InterruptedException {
    session.refuse();
    try {
      session.close(GRACE);
    } finally {
      ended.countDown();
    }
  }

  /** Closes the descriptors. Only for a device that is not served, or not any more. */
  public void close() {
    notifier.close();
    clones.forEach(Descriptor::close);
    device.close();
  }

  /** Waits until the filesystem is unmounted, or was deserted, and all requests have ended. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** As {@link #awaitEnd()} for at most {@code atMost}; tells whether it has ended. */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
