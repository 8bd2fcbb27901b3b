package io.strata.fs.volume;

import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.Outdated;
import io.strata.fs.volume.VolumeException.Reason;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The snapshots of a volume that this process owns.
 *
 * @param heads where they are remembered
 * @param checkpointer makes the heads that change them
 * @param restoring goes back to them
 */
record OwnedSnapshots(HeadKeeper heads, Checkpointer checkpointer, Restoring restoring)
    implements Snapshots {
  @Override
  public List<NamedSnapshot> list() {
    return heads.current().head().snapshots();
  }

  @Override
  public NamedSnapshot create(String name) throws IOException {
    Optional<String> objection = NamedSnapshot.objection(name);
    if (objection.isPresent()) {
      throw refused("no snapshot can be called '%s': %s".formatted(name, objection.get()));
    }
    Head made = checkpointer.changeSnapshots(newest -> creation(newest, name));
    return new NamedSnapshot(name, made.asRetained());
  }

  static SnapshotChange creation(Head newest, String name) throws VolumeException {
    if (has(newest, name)) {
      throw refused(
          "there is a snapshot %s already: delete it, or take another name".formatted(name));
    }
    if (newest.snapshots().size() >= COUNT_MAX) {
      throw refused(
          "there are %d snapshots, as many as can be: delete some".formatted(COUNT_MAX));
    }
    return SnapshotChange.create(name);
  }

  @Override
  public NamedSnapshot rollback(StatePoint target, Outdated outdated) throws IOException {
    return restoring.to(target, outdated);
  }

  @Override
  public void delete(Collection<String> names) throws IOException {
    checkpointer.changeSnapshots(
        newest -> {
          for (String name : names) {
            if (!has(newest, name)) {
              throw refused("there is no snapshot " + name + ": see strata snapshot list");
            }
          }
          return SnapshotChange.delete(Set.copyOf(names));
        });
  }

  private static boolean has(Head head, String name) {
    return head.snapshots().stream().anyMatch(snapshot -> snapshot.name().equals(name));
  }

  private static VolumeException refused(String why) {
    return new VolumeException(Reason.REFUSED, why);
  }
}
