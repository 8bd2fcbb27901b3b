package io.strata.fs.locks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who waits for whom, among owners of byte-range locks. An owner with several threads may wait for
 * several things at once. Guarded by the table's lock.
 */
final class WaitGraph {
  private final Map<LockOwner, List<Waiter>> waiting = new HashMap<>();

  void add(Waiter waiter) {
    waiting.computeIfAbsent(waiter.owner(), none -> new ArrayList<>(1)).add(waiter);
  }

  void remove(Waiter waiter) {
    waiting.computeIfPresent(
        waiter.owner(), (owner, all) -> all.remove(waiter) && all.isEmpty() ? null : all);
  }

  /** What an owner waits for. */
  List<Waiter> of(LockOwner owner) {
    return List.copyOf(waiting.getOrDefault(owner, List.of()));
  }

  /** Whether a request would wait, through whomever, for its own owner. */
  boolean wouldWaitForItself(
      LockSpace space, LockOwner owner, ByteRange range, LockMode mode) {
    Deque<LockOwner> ahead = new ArrayDeque<>();
    Set<LockOwner> seen = new HashSet<>();
    space.addBlockers(owner, range, mode, ahead);
    while (!ahead.isEmpty()) {
      LockOwner blocker = ahead.pop();
      if (blocker.equals(owner)) {
        return true;
      }
      if (seen.add(blocker)) {
        for (Waiter waiter : waiting.getOrDefault(blocker, List.of())) {
          waiter.space().addBlockers(blocker, waiter.range(), waiter.mode(), ahead);
        }
      }
    }
    return false;
  }
}
