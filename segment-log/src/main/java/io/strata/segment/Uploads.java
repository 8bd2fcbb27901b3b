package io.strata.segment;

import io.strata.platform.Platform;
import io.strata.segment.format.SegmentFooter;
import io.strata.store.Body;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Puts sealed segments, a few at a time and the oldest first, and sends each again until the store
 * has an object under its name.
 *
 * <p>Safe for use by any thread.
 */
final class Uploads {
  private final OncePut puts;
  private final VolumeId volume;
  private final SegmentSizes sizes;
  private final Platform platform;
  private final SegmentEvents events;
  private final Semaphore permits;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  Uploads(
      OncePut puts, VolumeId volume, SegmentSizes sizes, Platform platform, SegmentEvents events) {
    this.puts = puts;
    this.volume = volume;
    this.sizes = sizes;
    this.platform = platform;
    this.events = events;
    this.permits = new Semaphore(sizes.uploadsMax(), true);
  }

  /** What came of an upload; on a thread that may block. */
  interface Ending {
    void stored(Segment segment, long objectBytes);

    void taken(Segment segment);
  }

  /** Begins to put an encoded segment. */
  void start(Segment segment, SegmentFooter footer, Ending ending) {
    platform.waiting().execute(() -> run(segment, footer, ending));
  }

  /** Ends all uploads, at once and for good; those on their way may still land. */
  void stop() {
    stopped = true;
    for (Thread thread : running) {
      if (!thread.equals(Thread.currentThread())) {
        thread.interrupt();
      }
    }
  }

  private void run(Segment segment, SegmentFooter footer, Ending ending) {
    running.add(Thread.currentThread());
    try {
      permits.acquire();
      try {
        put(segment, footer, ending);
      } finally {
        permits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped: whoever did that has told those who wait
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  private void put(Segment segment, SegmentFooter footer, Ending ending)
      throws InterruptedException {
    ObjectKey key = ObjectNames.segment(segment.nonce());
    Body body = footer.object(volume, segment.storedBlocks());
    while (!stopped) {
      try {
        switch (puts.put(key, body)) {
          case STORED -> ending.stored(segment, body.length());
          case TAKEN -> ending.taken(segment);
        }
        return;
      } catch (StoreException e) {
        if (stopped) {
          return;
        }
        events.failing(e);
        platform.clock().sleep(sizes.refusedPause());
      }
    }
  }
}
