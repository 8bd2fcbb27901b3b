package io.strata.cli.output;

import io.strata.platform.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Shows what is going on: one line that is written over on a terminal, else a line a step. */
public final class ProgressLine {
  private static final String CLEAR = "\r\033[K";

  private static final Duration REDRAW = Duration.ofMillis(100);

  private final PrintWriter out;
  private final boolean terminal;
  private final Clock clock;
  private long drawnNanos;

  private ProgressLine(PrintWriter out, boolean terminal, Clock clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** Shows it on standard error, if somebody watches: what is written over is noise in a file. */
  public static ProgressLine of(PrintWriter err, Clock clock) throws IOException {
    return new ProgressLine(err, isWatched(), clock);
  }

  private static boolean isWatched() throws IOException {
    String err = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
    return err.startsWith("/dev/pts/") || err.startsWith("/dev/tty");
  }

  /** A step goes on. */
  public void going(String step, long done, long all) {
    going(step + " " + done + (all == 0 ? "" : " of " + all));
  }

  /** Something goes on, and this is how far it has come. */
  public void going(String state) {
    long now = clock.nanoTime();
    if (terminal && now - drawnNanos > REDRAW.toNanos()) {
      drawnNanos = now;
      out.print(CLEAR + state);
      out.flush();
    }
  }

  /** Nothing goes on any more. */
  public void clear() {
    if (terminal) {
      out.print(CLEAR);
      out.flush();
    }
  }

  /** Something is to be read. */
  public void say(String line) {
    out.println(terminal ? CLEAR + line : line);
    out.flush();
  }
}
