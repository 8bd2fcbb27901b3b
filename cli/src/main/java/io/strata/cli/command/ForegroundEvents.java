package io.strata.cli.command;

import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.output.Amounts;
import java.time.Duration;

/**
 * Tells somebody at a terminal how a daemon's start goes, a line each time.
 *
 * @param terminal of the one who started it
 * @param usable what to say when the volume can be used
 */
record ForegroundEvents(Terminal terminal, String usable) implements DaemonEvents {
  @Override
  public void watching(String owner, Duration time) {
    say(watchingText(owner, time));
  }

  static String watchingText(String owner, Duration time) {
    return "the volume was left open by %s: watching for %s whether that is alive"
        .formatted(owner, Amounts.seconds(Amounts.seconds(time)));
  }

  @Override
  public void standingBy(Standing standing) {
    say(standingText(standing));
  }

  static String standingText(Standing standing) {
    return "standing by: " + standing;
  }

  @Override
  public void takingOver(String why) {
    say("taking over: " + why);
  }

  @Override
  public void ready() {
    say(usable);
  }

  private void say(String text) {
    terminal.err().println("strata: " + text);
    terminal.err().flush();
  }
}
