package io.strata.tests.bench.s3;

import java.io.IOException;
import java.util.List;

/** Small files: made, with and without an fsync each, and read by a daemon that has just started. */
record SmallFiles(SlowGateway gateway) {
  /** What is done with the {@code i}-th file. */
  @FunctionalInterface
  private interface Act {
    void on(String name) throws IOException;
  }

  void heading() {
    System.out.printf(
        "%n%-10s %-26s %8s %9s %9s %9s   requests of 1,000 files%n",
        "", "4 KiB files", "files", "seconds", "files/s", "puts");
  }

  /** Makes files as a program that syncs none, and as one that syncs each. */
  void make(Subject subject, int plain, int synced) throws IOException {
    subject.directory("plain");
    measure(subject, "created", "plain", plain, name -> subject.create(name, false), true);
    subject.directory("synced");
    measure(subject, "created, fsync each", "synced", synced, n -> subject.create(n, true), false);
  }

  /** Makes many, and reads them when they are in no cache. */
  void unpackAndRead(Subject subject, int files) throws IOException {
    subject.directory("unpacked");
    measure(
        subject,
        "unpacked",
        "unpacked",
        files,
        name -> {
          if (name.endsWith("00")) {
            subject.directory(name.substring(0, name.lastIndexOf('/')));
          }
          subject.create(name, false);
        },
        true);
    subject.makeCold();
    measure(subject, "read by a new daemon", "unpacked", files, subject::readSmall, false);
  }

  private void measure(
      Subject subject, String what, String directory, int files, Act act, boolean settle)
      throws IOException {
    SlowGateway.Requests before = gateway.requests();
    long start = System.nanoTime();
    for (int i = 0; i < files; i++) {
      act.on(name(directory, i));
    }
    if (settle) {
      subject.settle();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    SlowGateway.Requests sent = gateway.requests().since(before);
    StringBuilder each = new StringBuilder();
    sent.byMethod()
        .forEach(
            (method, count) ->
                each.append(" %s %.1f".formatted(method, 1000.0 * count / files)));
    System.out.printf(
        "%-10s %-26s %8d %9.2f %9.0f %9d  %s%n",
        subject.name(), what, files, seconds, files / seconds, sent.of("PUT"), each);
  }

  private static String name(String directory, int i) {
    return directory.equals("unpacked")
        ? "%s/d%03d/f%02d".formatted(directory, i / Subject.FILES_A_DIRECTORY, i % 100)
        : directory + "/f" + i;
  }
}
