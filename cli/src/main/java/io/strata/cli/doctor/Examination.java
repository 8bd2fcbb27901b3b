package io.strata.cli.doctor;

import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.s3.S3Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Examines one store, check by check, and deletes what it put there. Used once, by one thread. */
public final class Examination {
  private static final int[] CONNECTIONS = {1, 2, 4, 8, 16, 32};

  /** More than this and AWS refuses signed requests soon (15 minutes). */
  private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofMinutes(5);

  private final ObjectStore store;
  private final Platform platform;
  private final Duration timeEach;
  private final Consumer<String> progress;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Speed.Row> rows = new ArrayList<>();

  /**
   * An examination that has not begun.
   *
   * @param store the bare store: nothing may be sent again behind the doctor's back
   * @param timeEach how long to measure each figure; zero: measure nothing
   * @param progress is told what is being done
   */
  public Examination(
      ObjectStore store, Platform platform, Duration timeEach, Consumer<String> progress) {
    this.store = store;
    this.platform = platform;
    this.timeEach = timeEach;
    this.progress = progress;
  }

  @FunctionalInterface
  private interface Check {
    String run() throws StoreException, BrokenPromise, InterruptedException;
  }

  /**
   * Examines the store.
   *
   * @throws StoreException if it cannot be reached at all, or refuses
   */
  public DoctorReport run() throws StoreException, InterruptedException {
    ProbeObjects objects = new ProbeObjects(store, platform.random().nextLong());
    try {
      Promises promises = new Promises(objects, platform);
      findings.add(first(promises));
      check("conditional put", promises::conditionalPut);
      check("one winner", new PutRace(objects, platform)::run);
      check("read after write", promises::readAfterWrite);
      check("list after write", promises::listAfterWrite);
      check("ranged get", promises::rangedGet);
      check("batch delete", promises::batchDelete);
      clocks();
      if (timeEach.isPositive()) {
        measure(objects);
      }
    } finally {
      cleanUp(objects);
    }
    return new DoctorReport(store.location(), findings, rows);
  }

  /** Without this there is nothing to examine: its failure is the command's. */
  private Finding first(Promises promises) throws StoreException {
    progress.accept("reaching the store");
    try {
      return new Finding("answers", Finding.Verdict.KEPT, promises.answers());
    } catch (BrokenPromise e) {
      return broken("answers", e);
    }
  }

  private static Finding broken(String name, BrokenPromise e) {
    return new Finding(name, Finding.Verdict.BROKEN, String.valueOf(e.getMessage()));
  }

  private void check(String name, Check check) throws InterruptedException {
    progress.accept(name);
    try {
      findings.add(new Finding(name, Finding.Verdict.KEPT, check.run()));
    } catch (BrokenPromise e) {
      findings.add(broken(name, e));
    } catch (StoreException.Unavailable e) {
      doubt(name, "the store gave no certain answer, try again: " + e.getMessage());
    } catch (StoreException e) {
      findings.add(new Finding(name, Finding.Verdict.BROKEN, String.valueOf(e.getMessage())));
    }
  }

  private void doubt(String name, String says) {
    findings.add(new Finding(name, Finding.Verdict.DOUBTFUL, says));
  }

  private void clocks() {
    if (!(store instanceof S3Store bucket)) {
      return;
    }
    progress.accept("clocks");
    try {
      Clock clock = platform.clock();
      Instant before = clock.now();
      Instant theirs = bucket.serverTime();
      Instant ours = before.plus(Duration.between(before, clock.now()).dividedBy(2));
      // What the store tells is cut to whole seconds.
      Duration difference = Duration.between(ours, theirs.plusMillis(500));
      String says = difference(Math.round(difference.toMillis() / 1e3));
      boolean close = difference.abs().compareTo(CLOCK_DIFFERENCE_MAX) < 0;
      findings.add(
          new Finding(
              "clocks",
              close ? Finding.Verdict.KEPT : Finding.Verdict.DOUBTFUL,
              close ? says : says + ": signed requests may be refused; set one of them right"));
    } catch (StoreException e) {
      doubt("clocks", "the store does not tell its time: " + e.getMessage());
    }
  }

  private static String difference(long seconds) {
    return seconds == 0
        ? "the store's clock agrees with ours to the second"
        : "the store's clock is %d s %s ours"
            .formatted(Math.abs(seconds), seconds > 0 ? "ahead of" : "behind");
  }

  private void measure(ProbeObjects objects) throws InterruptedException {
    Speed speed = new Speed(objects, platform, timeEach);
    for (int connections : CONNECTIONS) {
      progress.accept("speed with " + connections + " requests at a time");
      try {
        rows.add(speed.measure(connections));
      } catch (StoreException e) {
        doubt("speed", "with %d requests at a time: %s".formatted(connections, e.getMessage()));
        return;
      }
    }
  }

  private void cleanUp(ProbeObjects objects) {
    progress.accept("deleting what was put");
    try {
      objects.deleteAll();
    } catch (StoreException e) {
      doubt(
          "clean-up",
          "objects that start with %s are left, delete them: %s"
              .formatted(objects.prefix(), e.getMessage()));
    }
  }
}
