package io.strata.checkpoint;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a head does to the snapshots of the one before it: it forgets some names, and may have a name
 * itself. What loses its last name is let go by the rule of {@link Garbage} alone.
 *
 * @param removed names to forget
 * @param added the name that the head itself is to have; null for none
 */
public record SnapshotChange(Set<String> removed, @Nullable String added) {
  /** All snapshots stay. */
  public static final SnapshotChange NONE = new SnapshotChange(Set.of(), null);

  public SnapshotChange {
    removed = Set.copyOf(removed);
  }

  /** The head itself gets a name. */
  public static SnapshotChange create(String name) {
    return new SnapshotChange(Set.of(), name);
  }

  /** Names are forgotten. */
  public static SnapshotChange delete(Set<String> names) {
    return new SnapshotChange(names, null);
  }

  /**
   * The snapshots afterwards, oldest first.
   *
   * @param before what there is
   * @param itself the head that is made, as its successors remember it
   */
  List<NamedSnapshot> apply(List<NamedSnapshot> before, RetainedCheckpoint itself) {
    List<NamedSnapshot> after = new ArrayList<>(before);
    after.removeIf(snapshot -> removed.contains(snapshot.name()));
    if (added != null) {
      after.add(new NamedSnapshot(added, itself));
    }
    return after;
  }
}
