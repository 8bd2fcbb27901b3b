package io.strata.checkpoint;

import io.strata.checkpoint.format.StandbyCodec;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * By what a process lets a volume's owner know that it waits for the volume: an object whose key
 * sorts behind every head, so that the owner's next head commit shows it. Nothing depends on it but
 * what the owner does to be heard, so a stale one costs requests and no more; whoever opens the
 * volume next removes it. Immutable; safe for use by any thread; blocks on the store.
 */
public final class Standbys {
  private final OncePut once;
  private final Garbage garbage;
  private final VolumeId volume;

  /**
   * Announcements for a volume.
   *
   * @param once puts into {@code store}
   */
  public Standbys(ObjectStore store, OncePut once, VolumeId volume) {
    this.once = once;
    this.garbage = new Garbage(store, Retention.DEFAULT);
    this.volume = volume;
  }

  /**
   * Announces a process.
   *
   * @param token random, never used before
   * @param who as a person would write it
   * @return what to {@link #withdraw}
   */
  public ObjectKey announce(UUID token, Instant now, String who) throws StoreException {
    ObjectKey key = ObjectNames.standby(token);
    once.put(key, StandbyCodec.frame(volume, token, now, who));
    return key;
  }

  /** Takes an announcement back. */
  public void withdraw(ObjectKey announcement) throws StoreException {
    garbage.deleteStandbys(List.of(announcement));
  }
}
