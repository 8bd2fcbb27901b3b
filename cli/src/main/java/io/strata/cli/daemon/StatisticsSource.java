package io.strata.cli.daemon;

import io.strata.cli.stats.StatisticsReport;
import io.strata.cli.volume.VolumeSession;
import io.strata.platform.Clock;
import java.time.Duration;

/** Gathers what the parts of a daemon have counted. Safe for any thread. */
final class StatisticsSource {
  private final VolumeSession session;
  private final Export export;
  private final long beganNanos;

  /** Counts the daemon's time from now on. */
  StatisticsSource(VolumeSession session, Export export) {
    this.session = session;
    this.export = export;
    beganNanos = clock().nanoTime();
  }

  private Clock clock() {
    return session.platform().clock();
  }

  StatisticsReport report(String url) {
    Runtime process = Runtime.getRuntime();
    return new StatisticsReport(
        url,
        export.places(),
        Duration.ofNanos(clock().nanoTime() - beganNanos),
        process.totalMemory() - process.freeMemory(),
        process.maxMemory(),
        session.volume().statistics(),
        session.connection().statistics(),
        session.connection().health(),
        export.sessions());
  }
}
