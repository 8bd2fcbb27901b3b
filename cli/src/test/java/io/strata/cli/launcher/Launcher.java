package io.strata.cli.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts scripts at the root of the repository, without building.
 *
 * @param runtime the directory for control sockets, so that the user's daemons are not met
 */
record Launcher(Path runtime) {
  private static final long SECONDS_MAX = 300;

  /**
   * A process that has ended.
   *
   * @param status its exit status
   * @param out what it printed
   * @param err what it complained of
   */
  record Ended(int status, String out, String err) {}

  /** The repository, which is above the module that a test runs in. */
  static Path repository() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** A command line for a script of the repository. */
  static List<String> script(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(repository().resolve(name).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs {@code strata} to its end. */
  Ended strata(String... arguments) throws IOException, InterruptedException {
    return run(script("strata", arguments), new File("/"));
  }

  /** Runs a command to its end. */
  Ended run(List<String> command, File directory) throws IOException, InterruptedException {
    Path out = Files.createTempFile("strata-it-", ".out");
    Path err = Files.createTempFile("strata-it-", ".err");
    try {
      Process process =
          builder(command)
              .directory(directory)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " did not end: " + Files.readString(err));
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Starts {@code strata} and lets it run; its errors are this process's. */
  Process start(String... arguments) throws IOException {
    return builder(script("strata", arguments))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("STRATA_NO_BUILD", "1");
    builder.environment().put("STRATA_HEAP", "512m");
    builder.environment().put("STRATA_RUNTIME_DIR", runtime.toString());
    return builder;
  }
}
