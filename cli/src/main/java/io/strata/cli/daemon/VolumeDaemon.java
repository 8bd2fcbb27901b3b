package io.strata.cli.daemon;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.cli.control.ControlHandler;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.output.JsonValue;
import io.strata.cli.volume.GarbageReport;
import io.strata.cli.volume.ScheduleReport;
import io.strata.cli.volume.SnapshotReport;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.segment.SegmentLogStats;
import io.strata.store.Epoch;
import io.strata.store.Place;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume from the moment when it can be used to the moment when it is closed. Safe for any
 * thread.
 *
 * <p>It ends in one way only, whoever wants it to end: its {@link Export} goes, which {@link
 * #serve} waits for, and then {@code serve} closes the volume. Control requests, signals and {@code
 * umount(8)} do no more than take the export away.
 */
public final class VolumeDaemon implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeDaemon.class);

  /** How often somebody who forces the end looks whether the store answers. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final String url;
  private final VolumeSession session;
  private final Export export;
  private final StatisticsSource statistics;
  private final ScheduledSnapshots scheduled;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<End> givenUp = new CompletableFuture<>();
  private volatile boolean closing;
  private volatile boolean lost;
  private volatile @Nullable End end;
  private volatile Loss loss = Loss.NOTHING;

  /**
   * Serves a volume that can be used already.
   *
   * @param snapshots by which rules they are made; null for the volume's own
   */
  VolumeDaemon(
      String url, VolumeSession session, Export export, @Nullable ScheduleReport snapshots) {
    this.url = url;
    this.session = session;
    this.export = export;
    statistics = new StatisticsSource(session, export);
    scheduled =
        new ScheduledSnapshots(
            snapshots, session.volume().snapshots(), this::keep, session.platform());
    session.volume().whenFenced(this::giveUp);
  }

  /** Why a daemon ended. */
  public enum End {
    /** Somebody wanted it to end; everything is in the store. */
    CLOSED,
    /** Somebody took the volume over. */
    LOST,
    /** The store did not answer, and whoever wanted the end did not want to wait for it. */
    ABANDONED
  }

  /** Waits until nobody can use the volume any more, and closes it. */
  public End serve() throws IOException, InterruptedException {
    try {
      if (!session.readOnly()) {
        scheduled.changed();
      }
      export.await();
      closing = true;
      scheduled.close();
      if (lost) {
        session.volume().abandon();
        return end(End.LOST);
      }
      return end(close());
    } finally {
      closing = true;
      scheduled.close();
      closed.countDown();
    }
  }

  /** Closes the volume, for as long as the store takes or until {@link #giveUp} is called. */
  private End close() throws IOException, InterruptedException {
    CompletableFuture<End> ended = CompletableFuture.supplyAsync(this::closeSession, this::start);
    try {
      CompletableFuture.anyOf(ended, givenUp).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw failed.getCause();
      }
      throw new IllegalStateException("closing " + url + " failed", e);
    }
    if (ended.isDone()) {
      LOG.info("{} is closed", url);
      return End.CLOSED;
    }
    session.volume().abandon();
    return End.ABANDONED;
  }

  private End closeSession() {
    try {
      session.close();
      return End.CLOSED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Runnable task) {
    session.platform().waiting().execute(task);
  }

  private End end(End how) {
    end = how;
    return how;
  }

  /**
   * Takes the export away, whoever uses it, and waits until the volume is closed.
   *
   * @return whether it is closed as it should be
   */
  public boolean stop() {
    try {
      export.close();
      closed.await();
      return end == End.CLOSED;
    } catch (IOException e) {
      LOG.error("{} cannot be ended: {}", url, e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Nothing can be done for the volume's users any more but to tell them. */
  private void giveUp() {
    lost = true;
    LOG.error("{} was taken over by somebody else; ending it", url);
    try {
      export.end(true);
    } catch (IOException e) {
      LOG.error("{} cannot be ended: {}", url, e.getMessage());
    }
  }

  @Override
  public JsonValue answer(ControlRequest request) throws IOException, InterruptedException {
    return switch (request) {
      case ControlRequest.Identify identify ->
          new DaemonIdentity(
              url,
              export.places(),
              ProcessHandle.current().pid(),
              session.readOnly(),
              closing);
      case ControlRequest.Statistics all -> statistics.report(url);
      case ControlRequest.Checkpoint checkpoint -> {
        session.volume().checkpoint();
        yield object("head", session.volume().statistics().head());
      }
      case ControlRequest.CreateSnapshot create ->
          SnapshotReport.of(keep(create.name()));
      case ControlRequest.KeepForClone keep -> SnapshotReport.of(keepForClone(keep));
      case ControlRequest.Rollback rollback -> {
        StatePoint to = StatePoint.parse(rollback.to());
        NamedSnapshot left =
            export.replace(
                new Epoch(session.volume().statistics().epoch()),
                outdated -> session.volume().snapshots().rollback(to, outdated));
        yield SnapshotReport.of(left);
      }
      case ControlRequest.Schedule schedule -> {
        ScheduleReport rules = ScheduleReport.parse(schedule.rules());
        session.volume().snapshots().schedule(rules.rules());
        scheduled.changed();
        yield rules;
      }
      case ControlRequest.DeleteSnapshots delete -> {
        session.volume().snapshots().delete(delete.names());
        yield object("head", session.volume().statistics().head());
      }
      case ControlRequest.CollectGarbage collect ->
          GarbageReport.collect(session.volume(), collect.whole(), looked -> {});
      case ControlRequest.Unmount unmount -> {
        if (!closing) {
          export.end(unmount.force());
        }
        while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          if (closing && unmount.force()) {
            giveUpIfUnanswered();
          }
        }
        yield end == End.ABANDONED
            ? loss
            : object("head", session.volume().statistics().head());
      }
    };
  }

  /** Keeps the volume with all that its users have written. */
  private NamedSnapshot keep(String name) throws IOException {
    export.settle();
    return session.volume().snapshots().create(name);
  }

  private NamedSnapshot keepForClone(ControlRequest.KeepForClone keep) throws IOException {
    boolean asItIs = keep.state().isEmpty();
    if (asItIs) {
      export.settle();
    }
    VolumeId clone = new VolumeId(UUID.fromString(keep.volume()));
    return session
        .volume()
        .snapshots()
        .keepFor(
            new Neighbour(clone, new Place(keep.place())),
            asItIs ? null : StatePoint.parse(keep.state()));
  }

  /** Who forces the end does not wait for a store that does not answer. */
  private void giveUpIfUnanswered() {
    if (session.connection().health().answering()) {
      return;
    }
    VolumeStatistics now = session.volume().statistics();
    SegmentLogStats data = now.segments();
    Loss found = new Loss(data == null ? 0 : data.dirtyBytes(), now.pendingLogBytes());
    loss = found;
    if (givenUp.complete(End.ABANDONED)) {
      LOG.warn("{} is given up as its store does not answer: {}", url, found);
    }
  }

  private static JsonValue object(String name, long value) {
    return out -> {
      out.writeStartObject();
      out.writeNumberField(name, value);
      out.writeEndObject();
    };
  }
}
