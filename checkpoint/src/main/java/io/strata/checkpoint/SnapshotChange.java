package io.strata.checkpoint;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.RetainedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a head does to the snapshots of the one before it: it forgets some names, and adds one, for
 * itself or for a head that is kept. What loses its last name is let go by the rule of {@link
 * Garbage} alone.
 *
 * @param removed names to forget
 * @param added the name to add; null for none
 * @param keptFor the clone that it is added for; null if it is a user's
 * @param of the head that is to have the name, which the head before keeps; null for the head itself
 * @param schedule by which rules snapshots are to be made; null if that stays
 */
public record SnapshotChange(
    Set<String> removed,
    @Nullable String added,
    @Nullable Neighbour keptFor,
    @Nullable RetainedCheckpoint of,
    @Nullable List<KeepRule> schedule) {
  /** All snapshots stay. */
  public static final SnapshotChange NONE = new SnapshotChange(Set.of(), null, null, null, null);

  public SnapshotChange {
    removed = Set.copyOf(removed);
    schedule = schedule == null ? null : List.copyOf(schedule);
  }

  /** The head itself gets a name. */
  public static SnapshotChange create(String name) {
    return new SnapshotChange(Set.of(), name, null, null, null);
  }

  /**
   * A head is kept for a clone.
   *
   * @param of a head that is kept under another name; null for the head itself
   */
  public static SnapshotChange keepFor(Neighbour clone, @Nullable RetainedCheckpoint of) {
    return new SnapshotChange(
        Set.of(), NamedSnapshot.nameFor(clone.volume()), clone, of, null);
  }

  /** Names are forgotten. */
  public static SnapshotChange delete(Set<String> names) {
    return new SnapshotChange(names, null, null, null, null);
  }

  /** Snapshots are to be made by other rules from now on. */
  public static SnapshotChange schedule(List<KeepRule> rules) {
    return new SnapshotChange(Set.of(), null, null, null, rules);
  }

  /**
   * The snapshots afterwards, those that were added later last.
   *
   * @param before what there is
   * @param itself the head that is made, as its successors remember it
   */
  List<NamedSnapshot> apply(List<NamedSnapshot> before, RetainedCheckpoint itself) {
    List<NamedSnapshot> after = new ArrayList<>(before);
    after.removeIf(snapshot -> removed.contains(snapshot.name()));
    if (added != null) {
      after.add(new NamedSnapshot(added, of == null ? itself : of, keptFor));
    }
    return after;
  }
}
