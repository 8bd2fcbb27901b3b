package io.strata.cli.command;

import io.strata.cli.daemon.DaemonEvents;
import io.strata.cli.mounting.BackgroundStart;
import java.time.Duration;

/**
 * Tells the process that started this one in the background how its start goes, and the log.
 *
 * @param terminal whose standard output that process reads
 */
record BackgroundEvents(Terminal terminal) implements DaemonEvents {
  @Override
  public void watching(String owner, Duration time) {
    LOGGED.watching(owner, time);
    tell(BackgroundStart.saysLine(ForegroundEvents.watchingText(owner, time)));
  }

  @Override
  public void standingBy(Standing standing) {
    LOGGED.standingBy(standing);
    tell(BackgroundStart.waitsLine(ForegroundEvents.standingText(standing)));
  }

  @Override
  public void takingOver(String why) {
    LOGGED.takingOver(why);
  }

  @Override
  public void ready() {
    tell(BackgroundStart.readyLine());
  }

  /** Says that there will be no daemon. */
  void failed(ErrorLine line) {
    tell(BackgroundStart.failedLine(line.status(), line.text()));
  }

  private void tell(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }
}
