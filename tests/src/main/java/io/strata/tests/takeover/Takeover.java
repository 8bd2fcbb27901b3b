package io.strata.tests.takeover;

import io.strata.tests.takeover.Bucket.S3;
import java.nio.file.Path;
import java.util.List;

/** Runs many rounds and prints what they showed; {@code tests/takeover} starts it. */
public final class Takeover {
  private Takeover() {}

  /**
   * Runs them.
   *
   * @param arguments the folder of the tests; where: {@code s3}, {@code file}, or {@code
   *     same-machine}; how many; and a seed, if the draws are to be those of an earlier run
   */
  public static void main(String[] arguments) throws Exception {
    String where = arguments[1];
    int rounds = Integer.parseInt(arguments[2]);
    long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : System.nanoTime();
    S3 s3 = null;
    if (where.equals("s3")) {
      s3 = S3.create("takeover-" + ProcessHandle.current().pid(), System.getenv());
      if (s3 == null) {
        throw new IllegalArgumentException("no S3 server: eval \"$(dev/s3-server start)\"");
      }
    }
    System.out.printf("%d rounds, %s, seed %d%n", rounds, where, seed);
    List<String> violations;
    try (Lab lab = Lab.open(Path.of(arguments[0]), s3, !where.equals("same-machine"))) {
      violations = new Rounds(lab, seed, System.out).run(rounds);
    }
    violations.forEach(System.out::println);
    System.out.printf(
        "%n%s%n",
        violations.isEmpty()
            ? "ok: nothing acknowledged was lost"
            : violations.size() + " violations; the daemons' logs are in target/takeover");
    if (!violations.isEmpty()) {
      System.exit(1);
    }
  }
}
