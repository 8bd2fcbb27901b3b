package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.Standbys;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.replay.LogReader;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a volume that somebody else owns, and takes it when that owner is gone. Confined to one
 * thread.
 *
 * <p>The owner is gone when it has closed the volume, when its process on this machine has ended, or
 * when it has promised to be heard and is not for one and a half terms. An owner who has promised
 * nothing may be idle, and silent for that: it is asked to be heard by an announcement, which it
 * meets when it commits its next head, and is never taken for gone before it has answered.
 *
 * <p>Of several who wait the conditional put of the next head chooses one; the others go on waiting.
 */
final class Standby {
  private static final Logger LOG = LoggerFactory.getLogger(Standby.class);

  /** How long before it looks again when the store does not answer. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ObjectStore store;
  private final OpenOptions options;
  private final Platform platform;
  private final Owners owners;
  private final OpeningEvents events;
  private final Heads heads;
  private final Standbys standbys;
  private final LogReader logs;
  private @Nullable ObjectKey announcement;
  private @Nullable Epoch announced;
  private OpeningEvents.@Nullable Standing told;

  private Standby(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events,
      VolumeId volume) {
    this.store = store;
    this.options = options;
    this.platform = platform;
    this.owners = owners;
    this.events = events;
    OncePut once = new OncePut(store, platform);
    heads = new Heads(store, once, volume);
    standbys = new Standbys(store, once, volume);
    logs = new LogReader(store, volume, platform);
  }

  /** Returns when this process owns the volume. */
  static Opening.Owned own(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events)
      throws IOException {
    VolumeId volume =
        VolumeObject.read(store)
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.ABSENT,
                        "there is no volume at " + store.location() + ": see strata format --help"))
            .id();
    Standby standby = new Standby(store, options, platform, owners, events, volume);
    try {
      return standby.own();
    } finally {
      standby.withdraw();
    }
  }

  private Opening.Owned own() throws IOException {
    while (true) {
      Claim claim = await();
      try {
        Opening.Owned owned =
            Opening.take(store, options, platform, owners, events, claim);
        // Whoever opens a volume takes away all announcements.
        announcement = null;
        return owned;
      } catch (VolumeException e) {
        if (e.reason() != Reason.HELD) {
          throw e;
        }
        LOG.info("somebody else was quicker, or the owner lives after all: {}", e.getMessage());
      } catch (StoreException.Unavailable e) {
        LOG.warn("not taken over yet: {}", e.getMessage());
        sleep(PAUSE);
      }
    }
  }

  /** Waits until there is a reason to take the volume. */
  private Claim await() throws IOException {
    OwnerWatch watch = watch(newest());
    while (true) {
      Head head = watch.head().head();
      if (head.state() == HeadState.CLOSED) {
        takingOver(head.owner().text() + " has closed the volume");
        return new Claim.Gone();
      }
      if (watch.isOver() || watch.isStale()) {
        watch = watch(newest());
        continue;
      }
      if (owners.isThisProcess(head.owner())) {
        // The outcome of an earlier try was not known: it did succeed.
        return new Claim.Order();
      }
      if (owners.life(head.owner()) == Owners.Life.ENDED) {
        takingOver(head.owner().text() + " has ended");
        return new Claim.Gone();
      }
      Duration pause = PAUSE;
      if (look(watch)) {
        if (watch.isOver()) {
          continue;
        }
        if (watch.isSuspect()) {
          return new Claim.Silence(watch);
        }
        announce(watch, head);
        pause = watch.untilLook();
      }
      sleep(pause);
    }
  }

  private void takingOver(String why) {
    // At a start with nothing to wait for there is nothing to tell.
    if (told != null) {
      events.takingOver(why);
    }
  }

  private StoredHead newest() throws IOException {
    return heads
        .newest()
        .orElseThrow(
            () ->
                new VolumeException(
                    Reason.DAMAGED, store.location() + " holds a volume without a head"));
  }

  private OwnerWatch watch(StoredHead head) {
    LogPosition from = head.head().replayFrom();
    return new OwnerWatch(
        logs, heads, head, from, null, platform.clock(), options.lease().term());
  }

  /** False if the store does not answer. */
  private boolean look(OwnerWatch watch) throws IOException {
    try {
      watch.look();
      return true;
    } catch (StoreException.Unavailable e) {
      LOG.warn("standing by without the store: {}", e.getMessage());
      return false;
    }
  }

  private void announce(OwnerWatch watch, Head head) throws IOException {
    OpeningEvents.Standing now =
        new OpeningEvents.Standing(
            head.owner().text(), head.epoch().value(), watch.isHeard());
    if (!now.equals(told)) {
      told = now;
      events.standingBy(now);
    }
    if (watch.isHeard() || head.epoch().equals(announced)) {
      return;
    }
    // The owner took away what was there when its epoch began.
    withdraw();
    Owner self = owners.self(platform.random());
    UUID token = new UUID(platform.random().nextLong(), platform.random().nextLong());
    announcement = standbys.announce(token, platform.clock().now(), self.text());
    announced = head.epoch();
  }

  private void withdraw() {
    ObjectKey there = announcement;
    if (there == null) {
      return;
    }
    announcement = null;
    try {
      standbys.withdraw(there);
    } catch (StoreException e) {
      LOG.warn("{} stays until somebody opens the volume: {}", there, e.getMessage());
    }
  }

  private void sleep(Duration time) throws InterruptedIOException {
    try {
      platform.clock().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while standing by");
    }
  }
}
