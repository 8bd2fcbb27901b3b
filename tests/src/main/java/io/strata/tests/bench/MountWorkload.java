package io.strata.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Does the same work in several directories in turn, and prints what each reached and the ratio of
 * the first to each other. The last is a plain local directory.
 *
 * <p>Arguments: {@code NAME=DIRECTORY[=COMMAND]} for each; the command, run by {@code sh -c}, makes
 * whoever serves the directory start anew. {@code -Dfiles}, {@code -Dmib}, {@code -Drounds} set the
 * amount, {@code -Dphases} which of {@code small,large,random,store}. Needs root, to drop caches.
 *
 * <p>The first round of each phase warms up whoever serves the directories, and this process. It is
 * printed apart.
 */
public final class MountWorkload {
  private static final int FILES = Integer.getInteger("files", 5000);
  private static final int MIB = Integer.getInteger("mib", 1024);
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final String PHASES = System.getProperty("phases", "small,large,random,store");

  private MountWorkload() {}

  /** Work in one directory that records what it reached. */
  @FunctionalInterface
  interface Phase {
    void run(Target target, Figures figures) throws IOException;
  }

  /** Runs the workload. */
  public static void main(String[] arguments) throws IOException {
    List<Target> targets = new ArrayList<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 3);
      targets.add(new Target(parts[0], Path.of(parts[1]), parts.length > 2 ? parts[2] : "true"));
    }
    Map<String, Phase> phases =
        Map.of(
            "small", new SmallFiles(FILES),
            "large", new LargeFile(MIB),
            "random", new RandomWrites(MIB),
            "store", new StorePuts(targets.getLast()));
    for (String name : PHASES.split(",", -1)) {
      Phase phase = phases.get(name);
      if (phase == null) {
        throw new IllegalArgumentException("no phase " + name + " in " + phases.keySet());
      }
      run(name, phase, targets);
    }
  }

  private static void run(String name, Phase phase, List<Target> targets) throws IOException {
    Figures first = new Figures();
    Figures warm = new Figures();
    for (int round = 0; round <= ROUNDS; round++) {
      for (Target target : targets) {
        System.err.printf("%s, round %d of %d: %s%n", name, round, ROUNDS, target.name());
        // What others have written is not to be written back in this one's time.
        Target.sh("sync");
        phase.run(target, round == 0 ? first : warm);
      }
    }
    List<String> names = targets.stream().map(Target::name).toList();
    first.print("first round", names);
    warm.print("median of " + ROUNDS + " more", names);
  }
}
