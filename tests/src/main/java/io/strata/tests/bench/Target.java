package io.strata.tests.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/**
 * A directory to work in.
 *
 * @param restart makes whoever serves it start anew, a command for {@code sh -c}
 */
public record Target(String name, Path directory, String restart) {
  /** Leaves nothing in the caches of the kernel or of whoever serves the directory. */
  void makeCold() throws IOException {
    sh(restart);
    dropCaches();
  }

  /** Leaves nothing in the caches of the kernel. */
  public static void dropCaches() throws IOException {
    sh("sync; echo 3 >/proc/sys/vm/drop_caches");
  }

  /** Runs a command, which must succeed. */
  public static void sh(String command) throws IOException {
    Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + ": exit status " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command);
    }
  }
}
