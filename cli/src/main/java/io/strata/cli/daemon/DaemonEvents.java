package io.strata.cli.daemon;

import io.strata.fs.volume.OpeningEvents;
import java.time.Duration;

/** What is told to whoever started a daemon. */
public interface DaemonEvents extends OpeningEvents {
  /** The volume can be used. */
  void ready();

  /** For somebody who only wants to know when it can. */
  static DaemonEvents whenReady(Runnable ready) {
    return new DaemonEvents() {
      @Override
      public void watching(String owner, Duration time) {
        LOGGED.watching(owner, time);
      }

      @Override
      public void standingBy(Standing standing) {
        LOGGED.standingBy(standing);
      }

      @Override
      public void takingOver(String why) {
        LOGGED.takingOver(why);
      }

      @Override
      public void ready() {
        ready.run();
      }
    };
  }
}
