package io.strata.fs.locks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The locks of one kind on one file, and who waits for them. Guarded by the table's lock. */
final class LockSpace {
  final LockName name;

  private final Map<LockOwner, OwnedRanges> holders = new LinkedHashMap<>();

  /** In the order in which they came. */
  final Set<Waiter> queue = new LinkedHashSet<>();

  LockSpace(LockName name) {
    this.name = name;
  }

  boolean isUnused() {
    return holders.isEmpty() && queue.isEmpty();
  }

  @Nullable OwnedRanges heldBy(LockOwner owner) {
    return holders.get(owner);
  }

  Map<LockOwner, OwnedRanges> holders() {
    return holders;
  }

  /** A lock that is in the way; null if there is none. */
  @Nullable LockConflict conflict(LockOwner owner, ByteRange range, LockMode mode) {
    LockConflict[] found = new LockConflict[1];
    for (Map.Entry<LockOwner, OwnedRanges> holder : holders.entrySet()) {
      if (holder.getKey().equals(owner)) {
        continue;
      }
      holder
          .getValue()
          .forEachOver(
              range,
              (piece, held, pid) -> {
                if (held.excludes(mode)) {
                  boolean near = holder.getKey().session() == owner.session();
                  found[0] = new LockConflict(piece, held, near ? pid : 0);
                }
                return found[0] == null;
              });
      if (found[0] != null) {
        return found[0];
      }
    }
    return null;
  }

  /** Adds everybody who is in the way of a request. */
  void addBlockers(
      LockOwner owner, ByteRange range, LockMode mode, Collection<LockOwner> blockers) {
    holders.forEach(
        (holder, ranges) -> {
          if (!holder.equals(owner)) {
            ranges.forEachOver(
                range,
                (piece, held, pid) -> {
                  boolean blocks = held.excludes(mode);
                  if (blocks) {
                    blockers.add(holder);
                  }
                  return !blocks;
                });
          }
        });
  }

  /** Changes what an owner holds and returns how many pieces it holds more. */
  int change(LockOwner owner, LockChange change) {
    OwnedRanges ranges = holders.computeIfAbsent(owner, none -> new OwnedRanges());
    int more = ranges.change(change);
    if (ranges.isEmpty()) {
      holders.remove(owner);
    }
    return more;
  }
}
