package io.strata.cli.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.control.ControlHandler;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.output.JsonValue;
import io.strata.fs.volume.OpeningEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A process that waits for a volume, from its start to the moment when it owns it or is to end. Safe
 * for any thread; the one that makes it is the one that waits, and is interrupted to stop that.
 */
final class StandbyDaemon implements ControlHandler, OpeningEvents {
  private final String url;
  private final List<Path> places;
  private final OpeningEvents events;
  private final Thread waiting = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Standing standing;

  // Guarded by this.
  private boolean stopping;
  private boolean over;

  /**
   * A process that begins to wait on the calling thread.
   *
   * @param places where the volume will be used
   * @param events are told too
   */
  StandbyDaemon(String url, List<Path> places, OpeningEvents events) {
    this.url = url;
    this.places = List.copyOf(places);
    this.events = events;
  }

  /**
   * Says that the wait is over.
   *
   * @return whether that is because the process is to end
   */
  synchronized boolean isToEnd() {
    over = true;
    if (stopping) {
      // The interrupt was for the wait, not for what comes now.
      Thread.interrupted();
    }
    return stopping;
  }

  /** The process holds nothing any more. */
  void ended() {
    ended.countDown();
  }

  /**
   * Ends the wait, and returns when nothing of it is left.
   *
   * @return false if it is over already: this process has the volume
   */
  boolean stop() throws InterruptedException {
    synchronized (this) {
      if (over && !stopping) {
        return false;
      }
      stopping = true;
      if (!over) {
        waiting.interrupt();
      }
    }
    ended.await();
    return true;
  }

  @Override
  public void watching(String owner, Duration time) {
    events.watching(owner, time);
  }

  @Override
  public void standingBy(Standing now) {
    standing = now;
    events.standingBy(now);
  }

  @Override
  public void takingOver(String why) {
    events.takingOver(why);
  }

  @Override
  public JsonValue answer(ControlRequest request) throws IOException, InterruptedException {
    return switch (request) {
      case ControlRequest.Identify identify ->
          new DaemonIdentity(url, places, ProcessHandle.current().pid(), true, false);
      case ControlRequest.Statistics all -> this::write;
      case ControlRequest.Unmount unmount -> {
        if (!stop()) {
          throw new IOException("it takes the volume over right now: try again");
        }
        yield this::write;
      }
      case ControlRequest.Checkpoint checkpoint -> throw ownsNothing();
      case ControlRequest.CreateSnapshot create -> throw ownsNothing();
      case ControlRequest.DeleteSnapshots delete -> throw ownsNothing();
      case ControlRequest.Schedule schedule -> throw ownsNothing();
      case ControlRequest.Rollback rollback -> throw ownsNothing();
      case ControlRequest.KeepForClone keep -> throw ownsNothing();
      case ControlRequest.CollectGarbage collect -> throw ownsNothing();
    };
  }

  private IOException ownsNothing() {
    Standing now = standing;
    return new IOException(
        "this daemon stands by: ask the owner, %s"
            .formatted(now == null ? "which is not known yet" : now.owner()));
  }

  private void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("role", "standby");
    out.writeStringField("url", url);
    out.writeArrayFieldStart("places");
    for (Path place : places) {
      out.writeString(place.toString());
    }
    out.writeEndArray();
    out.writeNumberField("pid", ProcessHandle.current().pid());
    Standing now = standing;
    if (now != null) {
      out.writeStringField("owner", now.owner());
      out.writeNumberField("epoch", now.epoch());
      out.writeBooleanField("heard", now.heard());
    }
    out.writeEndObject();
  }
}
