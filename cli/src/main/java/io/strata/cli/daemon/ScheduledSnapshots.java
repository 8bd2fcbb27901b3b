package io.strata.cli.daemon;

import io.strata.fs.volume.Snapshots;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and deletes snapshots of an open volume as a schedule says. Safe for any thread. */
final class ScheduledSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledSnapshots.class);

  private final SnapshotSchedule schedule;
  private final Snapshots snapshots;
  private final Platform platform;
  private Clock.@Nullable Timer timer;
  private boolean closed;

  private ScheduledSnapshots(SnapshotSchedule schedule, Snapshots snapshots, Platform platform) {
    this.schedule = schedule;
    this.snapshots = snapshots;
    this.platform = platform;
  }

  /** Begins, with what is due now. */
  static ScheduledSnapshots start(
      SnapshotSchedule schedule, Snapshots snapshots, Platform platform) {
    ScheduledSnapshots scheduled = new ScheduledSnapshots(schedule, snapshots, platform);
    scheduled.begin();
    return scheduled;
  }

  private void begin() {
    platform.waiting().execute(this::run);
  }

  private void run() {
    try {
      keepUp();
    } catch (IOException e) {
      LOG.warn("no snapshot was made as scheduled: {}", e.getMessage());
    }
    synchronized (this) {
      if (!closed) {
        timer =
            platform.clock().schedule(schedule.untilNext(platform.clock().now()), this::begin);
      }
    }
  }

  private void keepUp() throws IOException {
    Instant now = platform.clock().now();
    if (schedule.isDue(snapshots.list(), now)) {
      String name = snapshots.create(schedule.name(now)).name();
      LOG.info("made snapshot {}", name);
    }
    List<String> old = schedule.toDelete(snapshots.list());
    if (!old.isEmpty()) {
      snapshots.delete(old);
      LOG.info("deleted snapshots {}", old);
    }
  }

  /** Makes no more. */
  synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
