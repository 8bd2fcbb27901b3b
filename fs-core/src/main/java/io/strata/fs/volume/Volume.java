package io.strata.fs.volume;

import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.FileSystem;
import io.strata.fs.PastStates;
import io.strata.fs.continuity.Clients;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * An open volume.
 *
 * <p>Safe for any thread. Owning it means writing under an epoch of one's own: a second owner can
 * only come by fencing the first, who then acknowledges nothing more.
 */
public sealed interface Volume extends AutoCloseable permits OwnedVolume, ReadVolume {
  /**
   * Makes a volume in an empty store.
   *
   * @throws VolumeException if something is there already, or the store cannot hold one
   */
  static VolumeDescriptor format(ObjectStore store, FormatOptions options, Platform platform)
      throws IOException {
    return Formatting.format(store, options, platform);
  }

  /**
   * Opens the volume in a store, and recovers it if its last owner was not able to close it. The
   * store stays the caller's to close.
   *
   * @throws VolumeException if there is none, somebody else has it, or it is damaged; it is then as
   *     it was
   */
  static Volume open(ObjectStore store, OpenOptions options, Platform platform)
      throws IOException {
    return open(store, options, platform, OpeningEvents.LOGGED);
  }

  /**
   * The same, with somebody who is told what is waited for meanwhile. With {@link
   * LeaseOptions#standby} that may be long.
   */
  static Volume open(
      ObjectStore store, OpenOptions options, Platform platform, OpeningEvents events)
      throws IOException {
    return OwnedVolume.open(store, options, platform, Owners.here(), events);
  }

  /**
   * Opens the volume in a store to read it, now and as its owner goes on: what it shows is a prefix
   * of the owner's history, which only grows. Nothing is written to the store, which stays the
   * caller's to close.
   *
   * @param options of them the limits and the time for the store
   * @param ageMax how old may be what an operation finds, at least 100 ms; older if the store does
   *     not answer
   * @throws VolumeException if there is none, or it is damaged
   */
  static Volume follow(
      ObjectStore store, OpenOptions options, Duration ageMax, Platform platform)
      throws IOException {
    return FollowedVolume.start(store, options, ageMax, platform);
  }

  /**
   * Opens a state that the volume in a store has been in, for reading. Whoever owns the volume is not
   * disturbed; a state that is let go while it is open ends in {@code ESTALE}, never in other bytes.
   *
   * @param options of them the limits and the time for the store
   * @throws VolumeException if there is no volume, no such state, or it is damaged
   */
  static Volume at(ObjectStore store, StatePoint point, OpenOptions options, Platform platform)
      throws IOException {
    Opening.Followed volume = Opening.look(store, options, platform).follow();
    return new PastOpening(volume, point, options, platform).open();
  }

  /** Its files. */
  FileSystem fileSystem();

  /** Who uses it, across restarts if it was opened with a {@link OpenOptions#state}. */
  Clients clients();

  /** What never changes about it. */
  VolumeDescriptor descriptor();

  /** Its states that are kept under names. */
  Snapshots snapshots();

  /** The same states, to be looked at beside it; {@link PastStates#NONE} of a state itself. */
  PastStates past();

  /** What it holds and has done. */
  VolumeStatistics statistics();

  /** What its objects hold, and why garbage is still there; reads the records of all of them. */
  VolumeSpace space() throws IOException;

  /**
   * Writes the tree down now, if it has changed.
   *
   * @throws VolumeException if somebody else has taken the volume over
   */
  void checkpoint() throws IOException;

  /**
   * Gives back what space it can now: compacts, also what is only found by looking at every extent,
   * lets dead objects go, and makes the few checkpoints that this takes. What kept checkpoints and
   * snapshots refer to stays. Then looks for what crashes have left behind, and deletes it.
   *
   * @param looked told how many objects have been listed so far
   * @return what crashes had left behind
   * @throws IOException if the volume is open for reading only, or the store fails
   */
  Leftovers collectGarbage(LongConsumer looked) throws IOException;

  /**
   * Makes a clone whole: copies here what it shares with the volume that it was cloned from, which
   * then need not keep it any more. Does nothing to a volume that shares nothing.
   *
   * @throws VolumeException if snapshots of this volume share something still
   * @throws IOException if the volume is open for reading only, or the store fails
   */
  void gather() throws IOException;

  /** Has {@code listener} called once if the volume is lost to another owner. */
  void whenFenced(Runnable listener);

  /**
   * Ends all operations, makes everything durable and gives the volume up. If it throws, nothing
   * that was acknowledged is lost: the next owner replays the log.
   */
  @Override
  void close() throws IOException;

  /** Ends everything at once without a word to the store, as if the process were killed. */
  void abandon();
}
