package io.strata.fs.volume;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.fs.Outdated;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of a volume that are kept under names. Safe for any thread; blocks on the store.
 *
 * <p>A snapshot is a head with a name: it holds whatever happened before it was asked for, and costs
 * what changed since the last checkpoint, however large the volume is. Its name is all that keeps
 * it; once that is gone, what nothing else needs is deleted as other garbage is.
 */
public interface Snapshots {
  /** How many there may be: each makes every head a little longer. */
  int COUNT_MAX = 1000;

  /** All of them, oldest first. */
  List<NamedSnapshot> list();

  /**
   * Keeps the volume as it is now.
   *
   * @return the snapshot, which is durable
   * @throws VolumeException if the name cannot be one or is taken, there are too many, the volume is
   *     open for reading only, or was taken over by somebody else
   */
  NamedSnapshot create(String name) throws IOException;

  /**
   * Keeps a state for a volume that is going to be cloned from it. The same clone may ask again.
   *
   * @param clone the clone, and where it is going to be
   * @param state a snapshot or a head that is kept; null for the volume as it is now
   * @return the snapshot, which is durable
   * @throws VolumeException if there is no such state or there are too many, the volume is open for
   *     reading only, or was taken over by somebody else
   */
  NamedSnapshot keepFor(Neighbour clone, @Nullable StatePoint state) throws IOException;

  /**
   * Makes the volume what it was. What it is now is kept under a name of its own, so that this can
   * be undone. Operations go on behind it; of files that are open, those that were there then are as
   * they were, others end in {@code ESTALE}.
   *
   * @param target a snapshot, a head that is kept, a log entry behind one, or a time
   * @param outdated told of what is another than it was, once it is
   * @return the snapshot of what was left
   * @throws VolumeException if there is no such state, the volume is open for reading only, or was
   *     taken over by somebody else
   * @throws IOException if the store fails; then either nothing is changed, or the volume is of no
   *     use any more in this process, and is the one or the other when it is opened again
   */
  NamedSnapshot rollback(StatePoint target, Outdated outdated) throws IOException;

  /** By which rules the owner is to make snapshots by himself; empty for none. */
  List<KeepRule> schedule();

  /**
   * Has snapshots made by other rules from now on, by this owner and those after him.
   *
   * @param rules at most {@link KeepRule#COUNT_MAX}; empty for none
   * @throws VolumeException if the volume is open for reading only, or was taken over by somebody
   *     else
   */
  void schedule(List<KeepRule> rules) throws IOException;

  /**
   * Forgets snapshots, all or none.
   *
   * @throws VolumeException if there is none of one of the names or a clone needs it, the volume is open for reading only, or
   *     was taken over by somebody else
   */
  void delete(Collection<String> names) throws IOException;
}
