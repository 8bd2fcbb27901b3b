package io.strata.fuse.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs shell scripts. Tests touch their own mounts only through child processes: those can be
 * killed when something hangs, the threads of this process cannot.
 */
public final class Shell {
  private static final Duration TIME_MAX = Duration.ofSeconds(60);

  private Shell() {}

  /** What a script said, both streams, and its exit status. */
  public record Outcome(int status, String output) {}

  /** Starts a script of bash, which ends at the first command that fails. */
  public static Process start(@Nullable Path directory, String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder.redirectErrorStream(true).start();
  }

  /** Runs a script to its end. */
  public static Outcome run(@Nullable Path directory, String script)
      throws IOException, InterruptedException {
    Process process = start(directory, script);
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                byte[] all = process.getInputStream().readAllBytes();
                return new String(all, StandardCharsets.UTF_8).strip();
              } catch (IOException e) {
                return e.toString();
              }
            });
    if (!process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + script);
    }
    return new Outcome(process.exitValue(), output.join());
  }

  /** Runs a script that must succeed, and returns what it said. */
  public static String check(@Nullable Path directory, String script)
      throws IOException, InterruptedException {
    Outcome outcome = run(directory, script);
    assertThat(outcome.status()).as("%s%n%s", script, outcome.output()).isZero();
    return outcome.output();
  }

  /** Whether there is a program of that name. */
  public static boolean has(String program) throws IOException, InterruptedException {
    return run(null, "command -v " + program).status() == 0;
  }
}
