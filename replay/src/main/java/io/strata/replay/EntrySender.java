package io.strata.replay;

import io.strata.platform.Platform;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts log entries and waits for the segments that they name, a thread for each. Safe for use by
 * any thread; its state is guarded by its monitor.
 */
final class EntrySender {
  private final ObjectStore store;
  private final OncePut once;
  private final VolumeId volume;
  private final HeadReference head;
  private final Platform platform;
  private final Set<Thread> senders = new HashSet<>();
  private boolean stopped;

  /** What has become of an entry. */
  sealed interface Result {
    /**
     * It and its segments are in the store.
     *
     * @param sentNanos when it was sent first
     * @param putNanos how long the put of the entry took
     */
    record Stored(long sentNanos, long putNanos) implements Result {}

    /** It will never be. */
    record Fenced(ReplayFailure.Fenced why) implements Result {}

    /** Not this time. */
    record Refused(StoreException cause) implements Result {}
  }

  EntrySender(
      ObjectStore store, OncePut once, VolumeId volume, HeadReference head, Platform platform) {
    this.store = store;
    this.once = once;
    this.volume = volume;
    this.head = head;
    this.platform = platform;
  }

  /**
   * Sends an entry; returns at once. The result is told on another thread, without any lock, unless
   * the sender is stopped before.
   */
  void send(LogEntry.Stored entry, List<PendingSegment> segments, Consumer<Result> then) {
    platform.waiting().execute(() -> run(entry, segments, then));
  }

  /** Gives up what is under way, except on the calling thread. */
  synchronized void stop() {
    stopped = true;
    for (Thread sender : senders) {
      if (!sender.equals(Thread.currentThread())) {
        sender.interrupt();
      }
    }
  }

  /** Returns when all that {@link #stop} gave up has ended, except on the calling thread. */
  synchronized void awaitStopped() throws InterruptedException {
    while (senders.stream().anyMatch(sender -> !sender.equals(Thread.currentThread()))) {
      wait();
    }
  }

  private void run(LogEntry.Stored entry, List<PendingSegment> segments, Consumer<Result> then) {
    if (!begin()) {
      return;
    }
    try {
      Result result = transmit(entry, segments);
      if (result != null) {
        then.accept(result);
      }
    } finally {
      end();
    }
  }

  /** Null if the sender was stopped meanwhile. */
  private @Nullable Result transmit(LogEntry.Stored entry, List<PendingSegment> segments) {
    LogPosition position = entry.position();
    long sentNanos = platform.clock().nanoTime();
    try {
      return switch (once.put(position.key(), EntryCodec.frame(volume, entry))) {
        case STORED -> awaited(segments, sentNanos, platform.clock().nanoTime() - sentNanos);
        case TAKEN -> new Result.Fenced(takenBy(position));
      };
    } catch (InterruptedException e) {
      return null;
    } catch (StoreException e) {
      return new Result.Refused(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      // Whatever went wrong, somebody waits for an answer, and the bytes can be sent again.
      return new Result.Refused(new StoreException.Refused("log " + position + ": " + e, e));
    }
  }

  private static Result awaited(List<PendingSegment> segments, long sentNanos, long putNanos)
      throws InterruptedException {
    for (PendingSegment pending : segments) {
      try {
        pending.await();
      } catch (ReplayFailure.Fenced why) {
        return new Result.Fenced(why);
      }
    }
    return new Result.Stored(sentNanos, putNanos);
  }

  /** Whether something stands under a segment's name, whoever put it: one request. */
  boolean isThere(Nonce segment) throws StoreException {
    return store.head(ObjectNames.segment(segment)).isPresent();
  }

  /** Says who has the volume, if the store still answers. */
  private ReplayFailure.Fenced takenBy(LogPosition position) {
    try {
      return ReplayFailure.Fenced.by(read(position));
    } catch (StoreException e) {
      return new ReplayFailure.Fenced("another object stands at log " + position, e);
    }
  }

  /** Reads what is at a place of this log. */
  LogEntry read(LogPosition position) throws StoreException {
    return new LogReader(store, volume, platform).read(position, head);
  }

  private synchronized boolean begin() {
    return !stopped && senders.add(Thread.currentThread());
  }

  private synchronized void end() {
    senders.remove(Thread.currentThread());
    notifyAll();
    // An interrupt was meant for the put that is over, not for the thread's next task.
    Thread.interrupted();
  }
}
