package io.strata.cli.volume;

import io.strata.cli.output.Amounts;
import io.strata.cli.output.ProgressLine;
import io.strata.fsck.Progress;
import io.strata.fsck.Step;
import io.strata.platform.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows how far a check has come, if somebody watches. Confined to the thread that checks. */
public final class FsckProgress implements Progress {
  private static final double SECOND_NANOS = 1e9;

  private final ProgressLine line;
  private final Clock clock;
  private @Nullable Step step;
  private long stepNanos;
  private long stepFrom;

  private FsckProgress(ProgressLine line, Clock clock) {
    this.line = line;
    this.clock = clock;
  }

  /** Shows it on standard error. */
  public static FsckProgress of(PrintWriter err, Clock clock) throws IOException {
    return new FsckProgress(ProgressLine.of(err, clock), clock);
  }

  /** Where it is kept how far a scrub has come; null if there is no home. */
  public static @Nullable Path stateDirectory(Map<String, String> variables) {
    String state = variables.get("XDG_STATE_HOME");
    if (state != null && !state.isEmpty()) {
      return Path.of(state, "strata");
    }
    String home = variables.get("HOME");
    return home == null || home.isEmpty() ? null : Path.of(home, ".local/state/strata");
  }

  @Override
  public void at(Step now, long done, long total) {
    if (now != step) {
      step = now;
      stepNanos = clock.nanoTime();
      stepFrom = done;
    }
    switch (now) {
      case LISTING -> line.going("listing the bucket");
      case HEADS -> line.going("heads", done, total);
      case LOG -> line.going("log entries", done, total);
      case TREE -> line.going("tree pages" + percent(done, total), done, total);
      case PACKS -> line.going("packs", done, total);
      case SEGMENTS -> line.going("segments" + percent(done, total), done, total);
      case DATA -> line.going(data(done, total));
      case PATHS -> line.going("paths", done, total);
    }
  }

  private String data(long done, long total) {
    double seconds = (clock.nanoTime() - stepNanos) / SECOND_NANOS;
    double perSecond = seconds > 0 ? (done - stepFrom) / seconds : 0;
    String left = perSecond > 0 ? ", " + Amounts.seconds((total - done) / perSecond) + " left" : "";
    return "data%s %s of %s, %s/s%s"
        .formatted(
            percent(done, total),
            Amounts.bytes(done),
            Amounts.bytes(total),
            Amounts.bytes(Math.round(perSecond)),
            left);
  }

  private static String percent(long done, long total) {
    return total == 0 ? "" : String.format(Locale.ROOT, " %3d%%", 100 * done / total);
  }

  /** Nothing goes on any more. */
  public void clear() {
    line.clear();
  }
}
