package io.strata.tests.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A back end that runs. */
public final class Server {
  private static final int START_SECONDS_MAX = 60;
  private static final int STOP_SECONDS_MAX = 60;
  private static final int POLL_MILLIS = 20;

  private final Process process;
  private final List<Path> sockets;
  private final Path log;

  Server(Process process, List<Path> sockets, Path log) {
    this.process = process;
    this.sockets = List.copyOf(sockets);
    this.log = log;
  }

  /** Waits for the files: connecting would take the only connection that some back ends accept. */
  void awaitSockets() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (!sockets.stream().allMatch(Files::exists)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("the back end does not listen; it said: " + Files.readString(log));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Where it listens. */
  public Path socket(int index) {
    return sockets.get(index);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it by SIGKILL and removes the sockets that it left. */
  public void kill() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    for (Path socket : sockets) {
      Files.deleteIfExists(socket);
    }
  }

  /**
   * Ends it by SIGTERM.
   *
   * @return its exit status
   * @throws IOException if it did not end; it is killed then
   */
  public int stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
      kill();
      throw new IOException("the back end did not end by SIGTERM: " + Files.readString(log));
    }
    return process.exitValue();
  }
}
