package io.strata.fs.volume;

import io.strata.checkpoint.format.NamedSnapshot;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

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
   * Forgets snapshots, all or none.
   *
   * @throws VolumeException if there is none of one of the names, the volume is open for reading only, or
   *     was taken over by somebody else
   */
  void delete(Collection<String> names) throws IOException;
}
