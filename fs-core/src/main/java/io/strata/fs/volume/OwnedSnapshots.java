package io.strata.fs.volume;

import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.fs.Outdated;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a volume that this process owns.
 *
 * @param store the volume's, from where clones are found
 * @param heads where they are remembered
 * @param checkpointer makes the heads that change them
 * @param restoring goes back to them
 */
record OwnedSnapshots(
    ObjectStore store,
    HeadKeeper heads,
    Checkpointer checkpointer,
    Restoring restoring,
    Platform platform)
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
    requireRoom(newest);
    return SnapshotChange.create(name);
  }

  private static void requireRoom(Head newest) throws VolumeException {
    if (newest.snapshots().size() >= COUNT_MAX) {
      throw refused(
          "there are %d snapshots, as many as can be: delete some".formatted(COUNT_MAX));
    }
  }

  @Override
  public NamedSnapshot keepFor(Neighbour clone, @Nullable StatePoint state)
      throws IOException {
    String name = NamedSnapshot.nameFor(clone.volume());
    Optional<NamedSnapshot> there = find(heads.current().head(), name);
    if (there.isPresent()) {
      requireSame(there.get(), clone, state);
      return there.get();
    }
    Head made =
        checkpointer.changeSnapshots(
            newest -> {
              requireRoom(newest);
              if (has(newest, name)) {
                throw refused("there is a snapshot " + name + " already: try again");
              }
              return SnapshotChange.keepFor(
                  clone, state == null ? null : new KeptHeads(newest).whole(state));
            });
    return find(made, name).orElseThrow();
  }

  /** What an earlier attempt left is used again if it was about the same. */
  private void requireSame(NamedSnapshot kept, Neighbour clone, @Nullable StatePoint state)
      throws VolumeException {
    Head newest = heads.current().head();
    if (!clone.equals(kept.keptFor())) {
      throw refused("snapshot %s is there for something else".formatted(kept.name()));
    }
    if (state != null && !new KeptHeads(newest).whole(state).equals(kept.checkpoint())) {
      throw refused(
          "a clone of head %d was begun at %s and not finished: finish that, or strata destroy it"
              .formatted(kept.checkpoint().number(), clone.place()));
    }
  }

  @Override
  public NamedSnapshot rollback(StatePoint target, Outdated outdated) throws IOException {
    return restoring.to(target, outdated);
  }

  @Override
  public void delete(Collection<String> names) throws IOException {
    for (NamedSnapshot snapshot : heads.current().head().snapshots()) {
      if (names.contains(snapshot.name())) {
        Optional<String> objection = CloneState.objection(store, snapshot, platform);
        if (objection.isPresent()) {
          throw refused(objection.get());
        }
      }
    }
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

  @Override
  public List<KeepRule> schedule() {
    return heads.current().head().schedule();
  }

  @Override
  public void schedule(List<KeepRule> rules) throws IOException {
    if (rules.size() > KeepRule.COUNT_MAX) {
      throw refused("a schedule has at most %d rules".formatted(KeepRule.COUNT_MAX));
    }
    checkpointer.changeSnapshots(newest -> SnapshotChange.schedule(rules));
  }

  private static boolean has(Head head, String name) {
    return find(head, name).isPresent();
  }

  private static Optional<NamedSnapshot> find(Head head, String name) {
    return head.snapshots().stream()
        .filter(snapshot -> snapshot.name().equals(name))
        .findAny();
  }

  private static VolumeException refused(String why) {
    return new VolumeException(Reason.REFUSED, why);
  }
}
