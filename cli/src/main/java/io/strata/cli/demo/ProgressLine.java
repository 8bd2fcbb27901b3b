package io.strata.cli.demo;

import io.strata.platform.Clock;
import java.io.PrintWriter;
import java.time.Duration;

/** Shows what is going on: one line that is written over on a terminal, else a line a step. */
final class ProgressLine {
  private static final String CLEAR = "\r\033[K";

  private static final Duration REDRAW = Duration.ofMillis(100);

  private final PrintWriter out;
  private final boolean terminal;
  private final Clock clock;
  private long drawnNanos;

  ProgressLine(PrintWriter out, boolean terminal, Clock clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  /** A step goes on. */
  void going(String step, long done, long all) {
    long now = clock.nanoTime();
    if (terminal && now - drawnNanos > REDRAW.toNanos()) {
      drawnNanos = now;
      out.print(CLEAR + step + " " + done + (all == 0 ? "" : " of " + all));
      out.flush();
    }
  }

  /** Something is to be read. */
  void say(String line) {
    out.println(terminal ? CLEAR + line : line);
    out.flush();
  }
}
