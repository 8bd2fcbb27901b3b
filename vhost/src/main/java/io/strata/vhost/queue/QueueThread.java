package io.strata.vhost.queue;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a started queue: takes chains and gives them to the device, sleeps when there are
 * none. A platform thread, because it sleeps in a system call; it ends with {@link #stop} or when
 * the queue breaks.
 */
public final class QueueThread {
  private static final Logger LOG = LoggerFactory.getLogger(QueueThread.class);

  /** So many chains before the driver is told of those that are done. */
  private static final int BATCH_MAX = 32;

  /** How often to look where nobody kicks. */
  private static final Duration UNKICKED = Duration.ofMillis(1);

  /** What is ready so often and never counts is no event descriptor. */
  private static final int EMPTY_KICKS_MAX = 64;

  private final VirtQueue queue;
  private final @Nullable EventDescriptor kick;
  private final EventDescriptor wake;
  private final Consumer<DescriptorChain> device;
  private final Thread thread;
  private volatile boolean stopping;
  private int emptyKicks;

  /**
   * Starts it.
   *
   * @param kick by which the driver notifies; null if it does not. Stays the caller's, and open
   *     until the thread has stopped
   * @param device takes the chains, and never waits
   */
  public QueueThread(
      String name,
      VirtQueue queue,
      @Nullable EventDescriptor kick,
      Consumer<DescriptorChain> device)
      throws SystemCallException {
    this.queue = queue;
    this.kick = kick;
    this.wake = EventDescriptor.create();
    this.device = device;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    thread.start();
  }

  /** Stops it and waits for its end; the queue itself goes on. Not by the thread itself. */
  public void stop() throws InterruptedException {
    stopping = true;
    wake.signal();
    thread.join();
    wake.close();
  }

  private void run() {
    List<Descriptor> awaited =
        kick == null ? List.of(wake.descriptor()) : List.of(wake.descriptor(), kick.descriptor());
    try (Poll poll = new Poll(awaited)) {
      while (!stopping) {
        takeAll();
        if (!queue.listen() && poll.await(kick == null ? UNKICKED : null)) {
          drainKick(poll);
        }
      }
    } catch (QueueBrokenException e) {
      LOG.debug("{} ends: {}", thread.getName(), e.getMessage());
    } catch (SystemCallException e) {
      LOG.error("{} cannot sleep, and ends", thread.getName(), e);
    }
  }

  private void takeAll() {
    queue.hush();
    boolean more = true;
    while (more && !stopping) {
      queue.beginBatch();
      try {
        more = takeSome();
      } finally {
        queue.endBatch();
      }
    }
  }

  private boolean takeSome() {
    for (int i = 0; i < BATCH_MAX; i++) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      give(chain);
    }
    return true;
  }

  /** A device that fails, which none should, must not leave its driver waiting in silence. */
  private void give(DescriptorChain chain) {
    try {
      device.accept(chain);
    } catch (RuntimeException | Error e) {
      throw queue.broken(new QueueBrokenException("the device failed: " + e, e));
    }
  }

  private void drainKick(Poll poll) {
    if (kick == null || !poll.ready(1)) {
      return;
    }
    if (kick.drain() > 0) {
      emptyKicks = 0;
    } else if (++emptyKicks == EMPTY_KICKS_MAX) {
      throw queue.broken(
          new QueueBrokenException("what should kick is always ready and never counts"));
    }
  }
}
