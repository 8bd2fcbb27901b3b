package io.strata.tests.takeover;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs that run to their end. */
final class Command {
  private Command() {}

  /**
   * Runs one.
   *
   * @return what it printed
   * @throws IOException if it fails, with what it printed
   */
  static String run(String... line) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s: exit status %d: %s".formatted(List.of(line), process.exitValue(), said.strip()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(String.join(" ", line));
    }
    return said;
  }
}
