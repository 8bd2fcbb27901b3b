package io.strata.fs.view;

import static java.util.stream.Collectors.toSet;

import io.strata.fs.Attributes;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.PastNumber;
import io.strata.fs.PastState;
import io.strata.fs.PastStates;
import io.strata.fs.schema.FileName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds snapshots by their names and by the slots in the numbers of their inodes. Safe for any
 * thread.
 *
 * <p>Of two snapshots with one slot the older has it. A slot that one kernel has been told numbers of
 * stays that snapshot's, even when it is deleted, so that nothing that the kernel remembers comes to
 * mean another file.
 */
final class PastIndex {
  private final PastStates states;
  private final Map<Integer, Long> told = new ConcurrentHashMap<>();

  /** What the roots of snapshots are like, which never changes, by the numbers of their heads. */
  private final Map<Long, Attributes> roots = new ConcurrentHashMap<>();

  private volatile Known known = Known.of(List.of());

  /** What there is, as long as {@code list} is the list. */
  private record Known(
      List<PastState> list, Map<FileName, PastState> names, Map<Integer, PastState> slots) {
    static Known of(List<PastState> list) {
      Map<FileName, PastState> names = new HashMap<>();
      Map<Integer, PastState> slots = new HashMap<>();
      for (PastState state : list) {
        names.put(state.name(), state);
        slots.putIfAbsent(PastNumber.slot(state.head()), state);
      }
      return new Known(list, names, slots);
    }
  }

  PastIndex(PastStates states) {
    this.states = states;
  }

  @SuppressWarnings("ReferenceEquality") // the same list as long as nothing has changed
  private Known known() {
    List<PastState> list = states.list();
    Known last = known;
    if (last.list != list) {
      last = Known.of(list);
      known = last;
      roots.keySet().retainAll(list.stream().map(PastState::head).collect(toSet()));
    }
    return last;
  }

  /** All of them, oldest first. */
  List<PastState> all() {
    return known().list;
  }

  /** The snapshot of a name; ENOENT if there is none, EOVERFLOW if its slot is another's. */
  PastState named(FileName name) throws FsException {
    Known now = known();
    PastState state = now.names.get(name);
    if (state == null) {
      throw new FsException(Errno.ENOENT, "there is no snapshot " + name);
    }
    int slot = PastNumber.slot(state.head());
    PastState owner = now.slots.getOrDefault(slot, state);
    if (owner.head() != state.head()) {
      throw taken(name, "snapshot " + owner.name());
    }
    Long before = told.putIfAbsent(slot, state.head());
    if (before != null && before != state.head()) {
      throw taken(name, "a snapshot that was deleted");
    }
    return state;
  }

  private static FsException taken(FileName name, String by) {
    return new FsException(
        Errno.EOVERFLOW,
        "%s has the inode numbers of snapshot %s: mount that with --at=%s"
            .formatted(by, name, name));
  }

  /** The snapshot that has a slot; empty if it was deleted. */
  Optional<PastState> at(int slot) {
    return Optional.ofNullable(known().slots.get(slot))
        .filter(state -> told.getOrDefault(slot, state.head()) == state.head());
  }

  /** The attributes of a snapshot's root, if they were {@link #keepRoot kept}. */
  @Nullable Attributes root(PastState state) {
    return roots.get(state.head());
  }

  /** Keeps the attributes of a root, so that a list of all snapshots opens each once only. */
  void keepRoot(PastState state, Attributes root) {
    if (has(state)) {
      roots.put(state.head(), root);
    }
  }

  /** Whether a snapshot is still there. */
  boolean has(PastState state) {
    PastState there = known().slots.get(PastNumber.slot(state.head()));
    return there != null && there.head() == state.head();
  }
}
