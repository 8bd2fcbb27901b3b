package io.strata.cli.volume;

import io.strata.cli.output.Amounts;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.segment.SegmentLogStats;
import io.strata.store.watch.Outage;
import io.strata.store.watch.OutageListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when a volume's store stops answering and when it is back; once each. */
final class OutageLog implements OutageListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private final String location;
  private volatile @Nullable Volume volume;

  OutageLog(String location) {
    this.location = location;
  }

  /** The volume is open: from now on it is told what waits. */
  void opened(Volume opened) {
    volume = opened;
  }

  @Override
  public void began(Outage outage) {
    LOG.warn(
        "{} does not answer since {}: {}; {}",
        location,
        outage.since(),
        outage.error(),
        volume == null
            ? "the volume is opened when it does"
            : "what is cached can be read, everything else waits");
  }

  @Override
  public void ended(Outage outage, Duration lasted) {
    Volume open = volume;
    LOG.warn(
        "{} answers again after {}{}",
        location,
        Amounts.seconds(Amounts.seconds(lasted)),
        open == null ? "" : "; " + waiting(open.statistics()));
  }

  private static String waiting(VolumeStatistics now) {
    SegmentLogStats data = now.segments();
    return "%s of file data and %s of changes are on their way, %d operations wait"
        .formatted(
            Amounts.bytes(data == null ? 0 : data.dirtyBytes()),
            Amounts.bytes(now.pendingLogBytes()),
            now.waiting());
  }
}
