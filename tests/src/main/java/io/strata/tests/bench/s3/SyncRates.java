package io.strata.tests.bench.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several writers, each with a file of its own to which it appends and which it syncs. */
record SyncRates(SlowGateway gateway, double seconds) {
  private static final int[] WRITERS = {1, 16, 64};

  /** Bare first: it is what the others are compared with. */
  void run(List<Subject> subjects) throws IOException {
    System.out.printf(
        "%nappend 4 KiB and fsync, several writers for %.1f s%n"
            + "%-10s %8s %9s %12s %8s %8s %8s %10s%n",
        seconds, "", "writers", "syncs/s", "to 1 writer", "to bare", "p50 ms", "p99 ms", "puts/sync");
    Map<Integer, Double> bare = new HashMap<>();
    for (Subject subject : subjects) {
      double lone = 0;
      for (int writers : WRITERS) {
        var _ = measure(subject, "warm" + writers, writers, seconds / 4);
        long puts = gateway.requests().of("PUT");
        Result result = measure(subject, "rate" + writers, writers, seconds);
        puts = gateway.requests().of("PUT") - puts;
        lone = writers == 1 ? result.rate() : lone;
        bare.putIfAbsent(writers, result.rate());
        System.out.printf(
            "%-10s %8d %9.0f %12.1f %8.2f %8.2f %8.2f %10.3f%n",
            subject.name(),
            writers,
            result.rate(),
            result.rate() / lone,
            result.rate() / bare.getOrDefault(writers, Double.NaN),
            result.times().quantile(0.5),
            result.times().quantile(0.99),
            (double) puts / result.times().count());
      }
    }
  }

  private record Result(double rate, Samples times) {}

  private static Result measure(Subject subject, String name, int writers, double seconds)
      throws IOException {
    List<Subject.SyncedFile> files = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      files.add(subject.file(name + "-" + i));
    }
    Samples all = new Samples();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<Samples>> work = new ArrayList<>();
      for (Subject.SyncedFile file : files) {
        work.add(threads.submit(() -> appendUntil(file, end)));
      }
      for (Future<Samples> each : work) {
        all.addAll(each.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    double spent = (System.nanoTime() - start) / 1e9;
    for (Subject.SyncedFile file : files) {
      file.close();
    }
    return new Result(all.count() / spent, all);
  }

  private static Samples appendUntil(Subject.SyncedFile file, long end) throws IOException {
    Samples samples = new Samples();
    for (long now = System.nanoTime(); now - end < 0; ) {
      file.append();
      long then = System.nanoTime();
      samples.add(then - now);
      now = then;
    }
    return samples;
  }
}
