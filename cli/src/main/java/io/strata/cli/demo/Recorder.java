package io.strata.cli.demo;

import io.strata.cli.output.ProgressLine;
import io.strata.platform.Clock;

/** Shows what is going on and notes it for the closing table. Confined to one thread. */
final class Recorder {
  private final Clock clock;
  private final ProgressLine progress;
  private final DemoReport report = new DemoReport();

  Recorder(Clock clock, ProgressLine progress) {
    this.clock = clock;
    this.progress = progress;
  }

  /** A moment, for {@link #done} and {@link #secondsSince}. */
  long now() {
    return clock.nanoTime();
  }

  double secondsSince(long began) {
    return (clock.nanoTime() - began) / 1e9;
  }

  /** A step that began at a moment is done. */
  void done(String step, long began, Step.Work work, Requests requests) {
    done(new Row(step, work, secondsSince(began), requests));
  }

  void done(Row row) {
    report.add(row);
    progress.say("%-13s %6.2f s".formatted(row.step(), row.seconds()));
  }

  void add(Verdict verdict) {
    report.add(verdict);
  }

  /** A step goes on; {@code all} is 0 if it is not known how far. */
  void going(String step, long done, long all) {
    progress.going(step, done, all);
  }

  void say(String line) {
    progress.say(line);
  }

  DemoReport report() {
    return report;
  }
}
