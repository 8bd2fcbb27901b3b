package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.protocol.Feature;
import io.strata.vhost.protocol.FrontEndMessage;
import io.strata.vhost.queue.QueueBrokenException;
import io.strata.vhost.queue.QueueSettings;
import io.strata.vhost.queue.QueueThread;
import io.strata.vhost.queue.VirtQueue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ring: what was said about it, and the running queue. It is started as long as it is enabled,
 * has an address and somebody said how it is kicked, until it is stopped. Confined, apart from
 * {@link #broke}.
 */
final class Vring {
  private static final Logger LOG = LoggerFactory.getLogger(Vring.class);

  /** How long a front end that stops a ring waits for what is in flight. */
  private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

  /** The same of a process that is to end: what is in flight is known to the next one. */
  private static final Duration DRAIN_ENDING_MAX = Duration.ofSeconds(2);

  /** How long it may take to see that the process is to end. */
  private static final Duration DRAIN_STEP = Duration.ofMillis(100);

  private final String name;
  private final int index;
  private final Vrings all;
  private final VirtioDevice device;

  private int entries;
  private int base;
  private FrontEndMessage.@Nullable SetVringAddr address;
  private boolean enabled;

  /** Whether {@code kick} is known; it may be known to be none. */
  private boolean kickable;

  private @Nullable EventDescriptor kick;
  private @Nullable EventDescriptor call;
  private volatile @Nullable EventDescriptor error;

  private @Nullable VirtQueue queue;
  private @Nullable QueueThread thread;

  Vring(String name, int index, Vrings all, VirtioDevice device) {
    this.name = name + " queue " + index;
    this.index = index;
    this.all = all;
    this.device = device;
  }

  boolean started() {
    return queue != null;
  }

  void entries(FrontEndMessage.SetVringNum set) throws RequestRefused, InterruptedException {
    if (set.entries() < 1 || set.entries() > QueueSettings.ENTRIES_MAX) {
      throw new RequestRefused(
          set,
          "num",
          "is %s, of %d at most"
              .formatted(Integer.toUnsignedString(set.entries()), QueueSettings.ENTRIES_MAX));
    }
    requireStopped(set);
    entries = set.entries();
  }

  void base(FrontEndMessage.SetVringBase set) throws RequestRefused, InterruptedException {
    requireStopped(set);
    base = set.base();
  }

  /** While it runs this can only say that writes to the ring are to be logged: they always are. */
  void address(FrontEndMessage.SetVringAddr set) throws RequestRefused, InterruptedException {
    FrontEndMessage.SetVringAddr known = address;
    boolean same =
        known != null
            && known.descriptorTable() == set.descriptorTable()
            && known.available() == set.available()
            && known.used() == set.used();
    if (!same) {
      requireStopped(set);
    }
    address = set;
    start(set);
  }

  /** A ring that is only disabled is stopped: some front ends set it up anew without asking. */
  private void requireStopped(FrontEndMessage message) throws RequestRefused, InterruptedException {
    if (started() && enabled) {
      throw new RequestRefused(message, "index", index + " is of a ring that is started");
    }
    if (started()) {
      stop();
    }
  }

  void enable(FrontEndMessage.SetVringEnable set) throws RequestRefused, InterruptedException {
    enabled = set.enabled();
    if (enabled) {
      start(set);
    } else {
      pause();
    }
  }

  void kick(FrontEndMessage.SetVringKick set)
      throws RequestRefused, SystemCallException, InterruptedException {
    pause();
    close(kick);
    kick = event(set.descriptor());
    kickable = true;
    start(set);
  }

  void call(FrontEndMessage.SetVringCall set) throws SystemCallException {
    EventDescriptor before = call;
    call = event(set.descriptor());
    if (queue != null) {
      queue.call(call);
    }
    close(before);
  }

  void error(FrontEndMessage.SetVringErr set) throws SystemCallException {
    EventDescriptor before = error;
    error = event(set.descriptor());
    close(before);
  }

  private static @Nullable EventDescriptor event(@Nullable Descriptor passed)
      throws SystemCallException {
    return passed == null ? null : EventDescriptor.of(passed);
  }

  private static void close(@Nullable EventDescriptor event) {
    if (event != null) {
      event.close();
    }
  }

  /** Starts what can be started. */
  private void start(FrontEndMessage message) throws RequestRefused {
    FrontEndMessage.SetVringAddr where = address;
    if (!enabled || !kickable || where == null || entries == 0 || thread != null) {
      return;
    }
    try {
      VirtQueue running = queue;
      if (running == null) {
        all.starting();
        running = newQueue(where);
        running.call(call);
        queue = running;
      }
      thread = new QueueThread(name, running, kick, chain -> device.accept(index, chain));
    } catch (QueueBrokenException | SystemCallException e) {
      throw new RequestRefused(message, e);
    }
  }

  private VirtQueue newQueue(FrontEndMessage.SetVringAddr where) {
    long features = all.features();
    QueueSettings settings =
        new QueueSettings(
            entries,
            (features & Feature.RING_PACKED) != 0,
            (features & Feature.RING_INDIRECT_DESC) != 0,
            (features & Feature.RING_EVENT_IDX) != 0,
            where.descriptorTable(),
            where.available(),
            where.used(),
            base);
    return VirtQueue.start(
        index, settings, all.memory().current(), all.memory().log(), all.inflight(), this::broke);
  }

  /** Called by any thread. */
  private void broke(QueueBrokenException e) {
    LOG.warn("{} is broken: {}", name, e.getMessage());
    EventDescriptor event = error;
    if (event != null) {
      event.signal();
    }
  }

  void move(GuestMemory table) {
    if (queue != null) {
      try {
        queue.moveTo(table);
      } catch (QueueBrokenException e) {
        LOG.debug("{} does not serve any more", name, e);
      }
    }
  }

  /** Takes no more chains. Those in flight go on. */
  private void pause() throws InterruptedException {
    if (thread != null) {
      thread.stop();
      thread = null;
    }
  }

  /** Stops it when what is in flight is done: where to go on. */
  int stop() throws InterruptedException {
    pause();
    if (queue != null) {
      device.stopping();
      drain(queue);
      base = queue.stop();
      queue = null;
    }
    // A ring that is to start again is told by what it is kicked.
    kickable = false;
    close(kick);
    kick = null;
    return base;
  }

  private void drain(VirtQueue stopping) throws InterruptedException {
    Duration waited = Duration.ZERO;
    while (!stopping.drain(DRAIN_STEP)) {
      waited = waited.plus(DRAIN_STEP);
      if (waited.compareTo(all.ending() ? DRAIN_ENDING_MAX : DRAIN_MAX) >= 0) {
        LOG.warn("{} stops with requests in flight, after {}", name, waited);
        return;
      }
    }
  }

  void reset() throws InterruptedException {
    stop();
    close(call);
    call = null;
    close(error);
    error = null;
    enabled = false;
    address = null;
    entries = 0;
    base = 0;
  }
}
