package io.strata.tests.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writers and readers of one mount, from the takeover that made it to its end. It outlives the
 * daemon behind the mount, and so does what it knows. Confined to one thread, as are not its own.
 */
final class Load {
  /** Threads that work on a mount at the same time, besides those of {@link Watch}. */
  static final int WRITERS = 4;

  private static final int BEACON_PAUSE_MILLIS = 50;

  private final int round;
  private final SecureDirectoryStream<Path> beacons;
  private final List<WriterHistory> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Watch watch = new Watch();
  private final AtomicLong beaconInvokedNanos = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean goOn = true;
  private volatile @Nullable String broken;

  private Load(int round, SecureDirectoryStream<Path> beacons) {
    this.round = round;
    this.beacons = beacons;
  }

  /** Starts a round's load on a mount. */
  static Load start(int round, Path mount, Beacon beacon, long seed)
      throws IOException, InterruptedException {
    RoundFolder folder = RoundFolder.of(mount, round);
    SecureDirectoryStream<Path> beacons =
        Bounded.call(
            "make the folders of round " + round,
            Duration.ofSeconds(30),
            () -> {
              folder.create(WRITERS);
              return beacon.open(mount);
            });
    Load load = new Load(round, beacons);
    for (int writer = 0; writer < WRITERS; writer++) {
      WriterHistory history = new WriterHistory(new Plan(seed, round, writer));
      load.writers.add(history);
      load.thread("writer-" + writer, new Writer(folder, round, writer, history, load::goesOn)::run);
    }
    load.thread("beacon", () -> load.keepBeacon(beacon));
    load.thread(
        "names", () -> load.watch.askForNames(beacons, "none-" + round + "-", load::goesOn));
    load.thread("reads", () -> load.watch.lookForBeacon(beacons, beacon, load::goesOn));
    return load;
  }

  /** What a thread does. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }

  private void thread(String name, Work work) {
    threads.add(
        Bounded.start(
            "round-" + round + "-" + name,
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                broken = name + " broke: " + e;
              }
            }));
  }

  private void keepBeacon(Beacon beacon) throws InterruptedException {
    while (goOn) {
      long invoked = System.nanoTime();
      try {
        beacon.light(beacons);
      } catch (IOException ended) {
        return;
      }
      beaconInvokedNanos.set(invoked);
      Thread.sleep(BEACON_PAUSE_MILLIS);
    }
  }

  private boolean goesOn() {
    return goOn;
  }

  int round() {
    return round;
  }

  Watch watch() {
    return watch;
  }

  /** What the writers know; to be read when they have ended. */
  List<WriterHistory> writers() {
    return writers;
  }

  /** When the latest write of the beacon began that was acknowledged. */
  long beaconInvokedNanos() {
    return beaconInvokedNanos.get();
  }

  /** What is wrong with the harness itself or with what it read. */
  @Nullable String broken() {
    return broken == null ? watch.broken() : broken;
  }

  /** Lets the threads end after what they are at. */
  void stop() {
    goOn = false;
  }

  /**
   * Waits until the threads have ended.
   *
   * @throws IOException if one hangs
   */
  void join(Duration max) throws IOException, InterruptedException {
    long end = System.nanoTime() + max.toNanos();
    for (Thread thread : threads) {
      thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      if (thread.isAlive()) {
        throw new IOException(
            "%s hangs after %d s, in %s"
                .formatted(thread.getName(), max.toSeconds(), List.of(thread.getStackTrace())));
      }
    }
    beacons.close();
  }
}
