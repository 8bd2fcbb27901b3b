package io.strata.cli.daemon;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.cli.volume.ScheduleReport;
import io.strata.fs.volume.Snapshots;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and deletes snapshots of an open volume as its schedule says, or another. Safe for any
 * thread.
 */
final class ScheduledSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledSnapshots.class);

  private final @Nullable ScheduleReport instead;
  private final Snapshots snapshots;
  private final Keeping keeping;
  private final Platform platform;

  /** Makes a snapshot of the volume as it is now. */
  @FunctionalInterface
  interface Keeping {
    NamedSnapshot create(String name) throws IOException;
  }

  /** The rest are guarded by this. */
  private Clock.@Nullable Timer timer;

  private boolean running;
  private boolean again;
  private boolean closed;

  /**
   * Does nothing before {@link #changed}.
   *
   * @param instead rules to take instead of the volume's; null to take those
   * @param keeping makes them
   */
  ScheduledSnapshots(
      @Nullable ScheduleReport instead, Snapshots snapshots, Keeping keeping, Platform platform) {
    this.instead = instead;
    this.snapshots = snapshots;
    this.keeping = keeping;
    this.platform = platform;
  }

  /** Looks at the rules now, and makes what is due. */
  synchronized void changed() {
    cancel();
    if (running) {
      again = true;
    } else if (!closed) {
      running = true;
      platform.waiting().execute(this::run);
    }
  }

  private void run() {
    List<KeepRule> rules = instead == null ? snapshots.schedule() : instead.rules();
    SnapshotSchedule schedule = rules.isEmpty() ? null : new SnapshotSchedule(rules);
    try {
      if (schedule != null) {
        keepUp(schedule);
      }
    } catch (IOException e) {
      LOG.warn("no snapshot was made as scheduled: {}", e.getMessage());
    } finally {
      ran(schedule);
    }
  }

  private synchronized void ran(@Nullable SnapshotSchedule schedule) {
    running = false;
    if (again) {
      again = false;
      changed();
    } else if (schedule != null && !closed) {
      timer =
          platform.clock().schedule(schedule.untilNext(platform.clock().now()), this::changed);
    }
  }

  private void keepUp(SnapshotSchedule schedule) throws IOException {
    Instant now = platform.clock().now();
    if (schedule.isDue(snapshots.list(), now)) {
      String name = keeping.create(schedule.name(now)).name();
      LOG.info("made snapshot {}", name);
    }
    List<String> old = schedule.toDelete(snapshots.list());
    if (!old.isEmpty()) {
      snapshots.delete(old);
      LOG.info("deleted snapshots {}", old);
    }
  }

  private synchronized void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Makes no more. */
  synchronized void close() {
    closed = true;
    cancel();
  }
}
