package io.strata.tests.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mount all the time in two ways that no cache of the kernel answers, and keeps what it was
 * told: the {@link Beacon}, and names that nobody ever had. Safe for any thread.
 */
final class Watch {
  private static final int PAUSE_MILLIS = 5;

  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong lastAnsweredNanos = new AtomicLong(Long.MIN_VALUE);
  private final AtomicInteger stale = new AtomicInteger();
  private volatile @Nullable String broken;

  /** Asks for names until it may not go on or is answered no more. */
  void askForNames(SecureDirectoryStream<Path> folder, String prefix, BooleanSupplier goOn)
      throws InterruptedException {
    long count = 0;
    while (goOn.getAsBoolean()) {
      long invoked = System.nanoTime();
      try {
        Beacon.askForNothing(folder, prefix + count++);
      } catch (Content.Torn e) {
        broken = "a name that nobody ever had: " + e.getMessage();
        return;
      } catch (IOException ended) {
        return;
      }
      answered(invoked);
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Looks for the beacon, likewise. */
  void lookForBeacon(SecureDirectoryStream<Path> folder, Beacon beacon, BooleanSupplier goOn)
      throws InterruptedException {
    while (goOn.getAsBoolean()) {
      long invoked = System.nanoTime();
      try {
        if (!beacon.look(folder)) {
          stale.incrementAndGet();
        }
      } catch (Content.Torn e) {
        broken = "the beacon: " + e.getMessage();
        return;
      } catch (IOException ended) {
        return;
      }
      answered(invoked);
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private void answered(long invokedNanos) {
    answers.incrementAndGet();
    lastAnsweredNanos.accumulateAndGet(invokedNanos, Math::max);
  }

  /** How many reads were answered. */
  long answers() {
    return answers.get();
  }

  /** When the latest of all reads began that were answered. */
  long lastAnsweredNanos() {
    return lastAnsweredNanos.get();
  }

  /** How many reads were answered without what had been acknowledged before. */
  int stale() {
    return stale.get();
  }

  /** What was read and is nothing that was written. */
  @Nullable String broken() {
    return broken;
  }
}
