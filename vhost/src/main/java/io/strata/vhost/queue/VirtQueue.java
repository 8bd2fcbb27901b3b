package io.strata.vhost.queue;

import io.strata.fuse.linux.EventDescriptor;
import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestAccess;
import io.strata.vhost.memory.GuestMemory;
import io.strata.vhost.memory.GuestMemoryGone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A virtqueue that a front end has started, until it stops it.
 *
 * <p>One thread takes chains; any thread completes them. The lock is held for a few loads and
 * stores. A driver that breaks the rules, or memory that goes away, breaks the queue: whoever
 * notices it tells once, chains in flight end without effect, and only a new queue serves again.
 */
public final class VirtQueue {
  private final QueueSettings settings;
  private final DirtyLog log;
  private final Consumer<QueueBrokenException> onBroken;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock:
  private final Ring ring;
  private final ArrayDeque<Ring.Taken> again = new ArrayDeque<>();
  private GuestMemory memory;
  private boolean stopped;
  private boolean told;
  private @Nullable Thread batching;
  private int chainsHeld;

  private final Condition noneHeld = lock.newCondition();

  private volatile @Nullable QueueBrokenException broken;

  /** Held while notifying, so that nobody closes the descriptor meanwhile. */
  private final ReentrantLock notifying = new ReentrantLock();

  /** Guarded by {@code notifying}. */
  private @Nullable EventDescriptor call;

  private VirtQueue(
      QueueSettings settings,
      GuestMemory memory,
      DirtyLog log,
      Ring ring,
      Consumer<QueueBrokenException> onBroken) {
    this.settings = settings;
    this.memory = memory;
    this.log = log;
    this.ring = ring;
    this.onBroken = onBroken;
  }

  /**
   * Starts a queue, and finds out what was in flight before.
   *
   * @param index of the queue in its device
   * @param memory in which the ring and its requests lie; the queue holds it until it stops
   * @param inflight where to write down what is in flight; must outlive the queue
   * @param onBroken is told once, by any thread and without a lock, if the queue breaks later
   * @throws QueueBrokenException if the ring cannot be served
   */
  public static VirtQueue start(
      int index,
      QueueSettings settings,
      GuestMemory memory,
      DirtyLog log,
      @Nullable InflightRegion inflight,
      Consumer<QueueBrokenException> onBroken) {
    settings.requireValid();
    RingAreas areas = RingAreas.of(settings, memory);
    RingMemory region = inflight == null ? null : inflight.queue(index, settings.entries());
    return start(settings, areas, region, memory, log, onBroken);
  }

  /** Starts a queue whose ring is here. */
  static VirtQueue start(
      QueueSettings settings,
      RingAreas areas,
      @Nullable RingMemory region,
      GuestMemory memory,
      DirtyLog log,
      Consumer<QueueBrokenException> onBroken) {
    int entries = settings.entries();
    Ring ring =
        settings.packed()
            ? new PackedRing(
                settings, areas, region == null ? null : new PackedInflight(region, entries), log)
            : new SplitRing(
                settings, areas, region == null ? null : new SplitInflight(region, entries), log);
    VirtQueue queue = new VirtQueue(settings, memory, log, ring, onBroken);
    try {
      GuestAccess.run(() -> queue.again.addAll(ring.recover(memory)));
    } catch (GuestMemoryGone e) {
      throw new QueueBrokenException(e);
    }
    memory.retain();
    return queue;
  }

  DirtyLog dirtyLog() {
    return log;
  }

  /**
   * Whom to notify of completed chains, from now on and once at once; the descriptor stays the
   * caller's. The one before is not used any more when this returns.
   */
  public void call(@Nullable EventDescriptor event) {
    notifying.lock();
    try {
      call = event;
      if (event != null) {
        // A back end that was killed may have used chains and not told: the driver looks once.
        event.signal();
      }
    } finally {
      notifying.unlock();
    }
  }

  /**
   * The next chain, first those that were in flight before; null if there is none.
   *
   * @throws QueueBrokenException if the queue is broken, now or since
   */
  public @Nullable DescriptorChain take() {
    lock.lock();
    try {
      requireWhole();
      if (stopped) {
        return null;
      }
      Ring.Taken taken = again.poll();
      if (taken == null) {
        Slot next = new Slot();
        access(() -> next.taken = ring.take(memory));
        taken = next.taken;
      }
      if (taken == null) {
        return null;
      }
      chainsHeld++;
      return new Chain(this, memory, taken);
    } finally {
      unlock();
    }
  }

  /** Where a value gets out of an access. */
  private static final class Slot {
    private Ring.@Nullable Taken taken;
    private boolean flag;
  }

  /** Asks the driver not to notify: who takes chains is awake. */
  public void hush() {
    locked(ring::hush);
  }

  /** Asks the driver to notify of the next chain: whether there is one already. */
  public boolean listen() {
    Slot answer = new Slot();
    locked(() -> answer.flag = ring.listen());
    return answer.flag;
  }

  /** Lets the driver be notified once, at the end of the batch, of what this thread completes. */
  public void beginBatch() {
    lock.lock();
    try {
      batching = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /** Notifies of what was completed in the batch. */
  public void endBatch() {
    Slot wants = new Slot();
    locked(
        () -> {
          batching = null;
          wants.flag = ring.driverWantsNotification();
        });
    if (wants.flag) {
      signal();
    }
  }

  /** Gives a chain back. */
  void complete(Ring.Taken taken, int writtenBytes) {
    Slot wants = new Slot();
    lock.lock();
    try {
      if (--chainsHeld == 0) {
        noneHeld.signalAll();
      }
      if (stopped || broken != null) {
        return;
      }
      access(
          () -> {
            ring.put(taken, writtenBytes);
            wants.flag = !Thread.currentThread().equals(batching) && ring.driverWantsNotification();
          });
    } catch (QueueBrokenException e) {
      return; // told when the lock is free
    } finally {
      unlock();
    }
    if (wants.flag) {
      signal();
    }
  }

  private void signal() {
    log.flush();
    notifying.lock();
    try {
      if (call != null) {
        call.signal();
      }
    } finally {
      notifying.unlock();
    }
  }

  /**
   * Goes on in another table, in which the ring must be too. Chains in flight keep theirs.
   *
   * @throws QueueBrokenException if it is not
   */
  public void moveTo(GuestMemory other) {
    lock.lock();
    try {
      requireWhole();
      access(() -> ring.moveTo(RingAreas.of(settings, other)));
      if (!stopped) {
        other.retain();
        memory.release();
        memory = other;
      }
    } finally {
      unlock();
    }
  }

  /**
   * Waits until every chain that was taken is completed. Nobody takes more meanwhile.
   *
   * @return whether that came true in time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (chainsHeld > 0 && nanos > 0) {
        nanos = noneHeld.awaitNanos(nanos);
      }
      return chainsHeld == 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops it: nothing is taken any more, and chains that are completed later are not seen by the
   * driver.
   *
   * @return where to go on, as {@link QueueSettings#base}
   */
  public int stop() {
    call(null);
    lock.lock();
    try {
      if (!stopped) {
        stopped = true;
        memory.release();
      }
      return ring.base();
    } finally {
      lock.unlock();
    }
  }

  /** Breaks the queue, from outside its lock: what to throw. */
  QueueBrokenException broken(GuestMemoryGone cause) {
    return broken(new QueueBrokenException(cause));
  }

  /** The same, for other reasons. */
  QueueBrokenException broken(QueueBrokenException e) {
    lock.lock();
    try {
      if (broken == null) {
        broken = e;
      }
    } finally {
      unlock();
    }
    return e;
  }

  private void locked(Runnable access) {
    lock.lock();
    try {
      requireWhole();
      if (!stopped) {
        access(access);
      }
    } finally {
      unlock();
    }
  }

  private void requireWhole() {
    QueueBrokenException e = broken;
    if (e != null) {
      throw e;
    }
  }

  private void access(Runnable access) {
    try {
      GuestAccess.run(access);
    } catch (GuestMemoryGone e) {
      broken = new QueueBrokenException(e);
    } catch (QueueBrokenException e) {
      broken = e;
    }
    requireWhole();
  }

  /** Unlocks, and tells if the queue is broken and nobody was told. */
  private void unlock() {
    QueueBrokenException e = broken;
    boolean tell = e != null && !told && !stopped;
    told |= tell;
    lock.unlock();
    if (tell) {
      onBroken.accept(e);
    }
  }
}
