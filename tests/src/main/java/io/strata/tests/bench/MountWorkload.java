package io.strata.tests.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Does the same work in several directories in turn, and prints what each reached and the ratio to
 * the first.
 *
 * <p>Arguments: {@code NAME=DIRECTORY[=COMMAND]} for each; the command, run by {@code sh -c}, makes
 * the directory's files cold. {@code -Dfiles}, {@code -Dmib}, {@code -Drounds} set the amount.
 */
public final class MountWorkload {
  private static final int FILES = Integer.getInteger("files", 5000);
  private static final int MIB = Integer.getInteger("mib", 1024);
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final int BLOCK = 4096;
  private static final int CHUNK = 1 << 20;
  private static final int RANDOM_WRITES = 4000;
  private static final int SYNCED_WRITES = 300;

  private record Target(String name, Path directory, String makeCold) {}

  /** Work done, a second. */
  private record Figure(String name, String unit) {}

  private final Map<Figure, Map<Target, List<Double>>> figures = new LinkedHashMap<>();

  private MountWorkload() {}

  /** Runs the workload. */
  public static void main(String[] arguments) throws Exception {
    List<Target> targets = new ArrayList<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 3);
      targets.add(new Target(parts[0], Path.of(parts[1]), parts.length > 2 ? parts[2] : "true"));
    }
    MountWorkload workload = new MountWorkload();
    for (int round = 0; round < ROUNDS; round++) {
      for (Target target : targets) {
        System.err.printf("round %d of %d: %s%n", round + 1, ROUNDS, target.name());
        workload.smallFiles(target);
        workload.sequential(target);
        workload.random(target);
      }
    }
    workload.print(targets);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void measure(Target target, String name, String unit, double amount, Work work)
      throws IOException {
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    figures
        .computeIfAbsent(new Figure(name, unit), figure -> new LinkedHashMap<>())
        .computeIfAbsent(target, any -> new ArrayList<>())
        .add(amount / seconds);
  }

  private void smallFiles(Target target) throws IOException {
    Path home = Files.createDirectory(target.directory().resolve("small"));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      if (i % 100 == 0) {
        Files.createDirectory(home.resolve("d" + i / 100));
      }
      files.add(home.resolve("d" + i / 100).resolve("file" + i));
    }
    byte[] content = new byte[BLOCK];
    new Random(1).nextBytes(content);
    measure(
        target,
        "create 4 KiB files",
        "files/s",
        FILES,
        () -> {
          for (Path file : files) {
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
          }
        });
    measure(
        target,
        "stat",
        "files/s",
        FILES,
        () -> {
          for (Path file : files) {
            if (Files.size(file) != BLOCK) {
              throw new IOException(file + " has another size");
            }
          }
        });
    measure(
        target,
        "read 4 KiB files",
        "files/s",
        FILES,
        () -> {
          for (Path file : files) {
            if (Files.readAllBytes(file).length != BLOCK) {
              throw new IOException(file + " is cut off");
            }
          }
        });
    measure(
        target,
        "rename",
        "files/s",
        FILES,
        () -> {
          for (Path file : files) {
            Files.move(file, renamed(file));
          }
        });
    measure(
        target,
        "unlink",
        "files/s",
        FILES,
        () -> {
          for (Path file : files) {
            Files.delete(renamed(file));
          }
        });
    for (int i = 0; i < FILES; i += 100) {
      Files.delete(home.resolve("d" + i / 100));
    }
    Files.delete(home);
  }

  private static Path renamed(Path file) {
    return file.resolveSibling(file.getFileName() + ".renamed");
  }

  private void sequential(Target target) throws Exception {
    Path file = target.directory().resolve("large");
    byte[] bytes = new byte[CHUNK];
    new Random(2).nextBytes(bytes);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).put(bytes).flip();
    measure(
        target,
        "write in order, fsync",
        "MiB/s",
        MIB,
        () -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < MIB; i++) {
              channel.write(chunk.rewind());
            }
            channel.force(true);
          }
        });
    makeCold(target);
    measure(
        target,
        "read in order, cold",
        "MiB/s",
        MIB,
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long read = 0;
            for (int n = 0; n >= 0; n = channel.read(chunk.clear())) {
              read += n;
            }
            if (read != (long) MIB * CHUNK) {
              throw new IOException(file + " is cut off");
            }
          }
        });
  }

  private static void makeCold(Target target) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", target.makeCold()).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(target.makeCold() + ": exit status " + process.exitValue());
    }
  }

  private void random(Target target) throws IOException {
    Path file = target.directory().resolve("large");
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    Random random = new Random(3);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long blocks = (long) MIB * CHUNK / BLOCK;
      measure(
          target,
          "write 4 KiB at random",
          "writes/s",
          RANDOM_WRITES,
          () -> {
            for (int i = 0; i < RANDOM_WRITES; i++) {
              channel.write(block.clear(), random.nextLong(blocks) * BLOCK);
            }
            channel.force(true);
          });
      measure(
          target,
          "write 4 KiB at random, fsync each",
          "writes/s",
          SYNCED_WRITES,
          () -> {
            for (int i = 0; i < SYNCED_WRITES; i++) {
              channel.write(block.clear(), random.nextLong(blocks) * BLOCK);
              channel.force(false);
            }
          });
    }
    Files.delete(file);
  }

  private void print(List<Target> targets) {
    System.out.printf("%-34s %-9s", "median of " + ROUNDS, "");
    targets.forEach(target -> System.out.printf(" %12s", target.name()));
    targets
        .subList(1, targets.size())
        .forEach(
            target -> System.out.printf(" %16s", targets.getFirst().name() + "/" + target.name()));
    System.out.println();
    figures.forEach(
        (figure, byTarget) -> {
          System.out.printf("%-34s %-9s", figure.name(), figure.unit());
          for (Target target : targets) {
            System.out.printf(" %12.0f", median(byTarget.getOrDefault(target, List.of())));
          }
          List<Double> first = byTarget.getOrDefault(targets.getFirst(), List.of());
          for (Target target : targets.subList(1, targets.size())) {
            List<Double> other = byTarget.getOrDefault(target, List.of());
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < Math.min(first.size(), other.size()); i++) {
              ratios.add(first.get(i) / other.get(i));
            }
            System.out.printf(" %15.2f×", median(ratios));
          }
          System.out.println();
        });
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }
}
