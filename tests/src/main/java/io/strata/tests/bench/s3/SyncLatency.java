package io.strata.tests.bench.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One writer that appends and syncs, on all subjects in turn, some at a stretch. */
record SyncLatency(int samples) {
  private static final int STRETCH = 20;

  void run(List<Subject> subjects) throws IOException {
    List<Subject.SyncedFile> files = new ArrayList<>();
    List<Samples> taken = new ArrayList<>();
    for (Subject subject : subjects) {
      files.add(subject.file("latency"));
      taken.add(new Samples());
    }
    for (int stretch = -1; stretch < (samples + STRETCH - 1) / STRETCH; stretch++) {
      for (int k = 0; k < files.size(); k++) {
        for (int i = 0; i < STRETCH; i++) {
          long start = System.nanoTime();
          files.get(k).append();
          if (stretch >= 0) {
            taken.get(k).add(System.nanoTime() - start);
          }
        }
      }
    }
    for (Subject.SyncedFile file : files) {
      file.close();
    }
    System.out.printf(
        "%nappend 4 KiB and fsync, one writer: %d of each, %d at a stretch, in turn, ms%n%-10s %8s %8s %8s %12s%n",
        taken.getFirst().count(), STRETCH, "", "p50", "p90", "p99", "p50/bare");
    double bare = taken.getFirst().quantile(0.5);
    for (int k = 0; k < files.size(); k++) {
      Samples each = taken.get(k);
      System.out.printf(
          "%-10s %8.2f %8.2f %8.2f %12.2f%n",
          subjects.get(k).name(),
          each.quantile(0.5),
          each.quantile(0.9),
          each.quantile(0.99),
          each.quantile(0.5) / bare);
    }
  }
}
