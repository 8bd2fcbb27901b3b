package io.strata.tests.outage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One outage of a real server under a mounted volume: programs work, the server goes away and comes
 * back, nobody gets an error, and all that was acknowledged is there; {@code tests/outage} runs it.
 */
final class OutageRound {
  private static final Duration BEFORE = Duration.ofSeconds(5);
  private static final Duration AFTER = Duration.ofSeconds(5);

  /** Longer than anything should take; it ends a round that hangs. */
  private static final Duration RECOVERY_MAX = Duration.ofMinutes(3);

  private final String strata;
  private final String url;
  private final Path directory;

  private OutageRound(String strata, String url, Path directory) {
    this.strata = strata;
    this.url = url;
    this.directory = directory;
  }

  /** Launcher, URL, mount point, seconds, and the shell commands that end and begin the server. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    OutageRound round =
        new OutageRound(arguments[0], arguments[1], Path.of(arguments[2]));
    List<Throwable> failures =
        round.run(
            Duration.ofSeconds(Long.parseLong(arguments[3])), arguments[4], arguments[5]);
    failures.forEach(failure -> System.out.println("FAILED  " + failure.getMessage()));
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  private List<Throwable> run(Duration outage, String end, String begin)
      throws IOException, InterruptedException {
    MountedLoad load = new MountedLoad(directory);
    mount();
    load.prepare();
    strata("umount", directory.toString());
    mount();
    load.start();
    Thread.sleep(BEFORE);
    System.out.println("before   " + load);
    shell(end);
    Thread.sleep(outage.dividedBy(2));
    long[] half = load.acknowledged();
    long reads = load.reads();
    Thread.sleep(outage.dividedBy(2));
    System.out.println("away     " + load);
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < half.length; i++) {
      if (load.acknowledged()[i] != half[i]) {
        failures.add(new IOException("an fsync returned without a server"));
      }
    }
    if (load.reads() == reads) {
      failures.add(new IOException("nothing was read from caches without a server"));
    }
    strata("stats", directory.toString());

    long[] before = load.acknowledged();
    shell(begin);
    long began = System.nanoTime();
    awaitAll(load, before, began, failures);
    Thread.sleep(AFTER);
    load.stop();
    System.out.println("after    " + load);
    failures.addAll(load.failures());
    strata("umount", directory.toString());
    strata("fsck", "--data", url);
    mount();
    load.verify();
    strata("umount", directory.toString());
    return failures;
  }

  /** Says when the first and the last program that syncs went on. */
  private static void awaitAll(
      MountedLoad load, long[] before, long began, List<Throwable> failures)
      throws InterruptedException {
    double first = 0;
    while (System.nanoTime() - began < RECOVERY_MAX.toNanos()) {
      int going = 0;
      long[] now = load.acknowledged();
      for (int i = 0; i < now.length; i++) {
        going += now[i] > before[i] ? 1 : 0;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      if (going > 0 && first == 0) {
        first = seconds;
      }
      if (going == now.length) {
        System.out.printf(
            "back     first fsync %.2f s, one of each program %.2f s after the server began%n",
            first, seconds);
        return;
      }
      Thread.sleep(5);
    }
    failures.add(new IOException("not everything went on"));
  }

  private void mount() throws IOException, InterruptedException {
    strata(
        "mount",
        "--background",
        "--log-file=" + Path.of("outage.log").toAbsolutePath(),
        url,
        directory.toString());
  }

  private void strata(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(strata));
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void shell(String line) throws IOException, InterruptedException {
    run(List.of("bash", "-c", line));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("strata-outage", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int status = process.waitFor();
      if (command.contains("stats") || command.contains("fsck") || status != 0) {
        System.out.print(Files.readString(output));
      }
      if (status != 0) {
        throw new IOException("%s ended with status %d".formatted(command, status));
      }
    } finally {
      Files.delete(output);
    }
  }
}
