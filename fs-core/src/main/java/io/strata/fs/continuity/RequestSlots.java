package io.strata.fs.continuity;

import static io.strata.fs.continuity.MappedFile.LONG;
import static io.strata.fs.continuity.MappedFile.LONGS;

import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's requests that have written a group and are not answered. A slot is taken and freed
 * under the lock of this object; between the two it belongs to its request.
 *
 * <p>A slot holds the request's number, its last group so far (0: the slot is free), the inode that
 * it made (0: none), its result (-1: it runs; if it is lost: in which epoch) and the inodes that it
 * changed. The group is stored last of all.
 */
final class RequestSlots {
  static final int COUNT = 8192;

  /** As many inodes as a rename changes: what it moves and replaces, and two directories. */
  static final int CHANGED_MAX = 4;

  static final long BYTES = COUNT * 64L;

  private static final int SLOT_BYTES = 64;
  private static final int GROUP_AT = 8;
  private static final int INO_AT = 16;
  private static final int RESULT_AT = 24;
  private static final int CHANGED_AT = 32;

  /** In place of a group: it counts; nobody knows; it is lost, and may have been answered. */
  private static final long COUNTS = -1;

  private static final long UNCERTAIN = -2;
  private static final long LOST = -3;
  private static final long RUNNING = -1;

  private final MemorySegment memory;
  private final int[] free = new int[COUNT];
  private int freeCount;

  RequestSlots(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Judges what an epoch that is over has left: what counts is kept, what is lost is forgotten
   * unless it had finished and so may have been answered. Can be done again if it was not finished.
   *
   * @param epoch the epoch
   * @param known whether it is known which groups count
   * @param groups that many do, the first ones
   */
  void judge(int epoch, boolean known, long groups) {
    for (long at = 0; at < BYTES; at += SLOT_BYTES) {
      long group = memory.get(LONG, at + GROUP_AT);
      if (group > 0) {
        long verdict = !known ? UNCERTAIN : group <= groups ? COUNTS : 0;
        if (verdict == 0 && memory.get(LONG, at + RESULT_AT) != RUNNING) {
          LONGS.setOpaque(memory, at + RESULT_AT, (long) epoch);
          verdict = LOST;
        }
        LONGS.setRelease(memory, at + GROUP_AT, verdict);
      }
    }
  }

  /**
   * A judged request.
   *
   * @param slot where it is
   * @param request what it has done; null if that is lost
   * @param lostIn the epoch in which it was lost; 0 if it was not
   * @param changed the inodes that it changed, if that is lost
   */
  record Judged(int slot, @Nullable EarlierRequest request, int lostIn, List<Ino> changed) {}

  /** Begins to serve: what was judged, by the requests' numbers; all else is free. */
  synchronized Map<Long, Judged> begin() {
    Map<Long, Judged> judged = new HashMap<>();
    freeCount = 0;
    for (int slot = COUNT - 1; slot >= 0; slot--) {
      long at = (long) slot * SLOT_BYTES;
      long group = memory.get(LONG, at + GROUP_AT);
      if (group == COUNTS || group == UNCERTAIN) {
        EarlierRequest request = earlier(at, group == COUNTS);
        judged.put(memory.get(LONG, at), new Judged(slot, request, 0, List.of()));
      } else if (group == LOST) {
        int lostIn = (int) memory.get(LONG, at + RESULT_AT);
        judged.put(memory.get(LONG, at), new Judged(slot, null, lostIn, changed(at)));
      } else {
        LONGS.setOpaque(memory, at + GROUP_AT, 0L);
        free[freeCount++] = slot;
      }
    }
    return judged;
  }

  private EarlierRequest earlier(long at, boolean certain) {
    long result = memory.get(LONG, at + RESULT_AT);
    long made = memory.get(LONG, at + INO_AT);
    return new EarlierRequest(
        certain, result != RUNNING, Math.max(result, 0), made > 0 ? new Ino(made) : null);
  }

  private List<Ino> changed(long at) {
    List<Ino> changed = new ArrayList<>();
    for (int i = 0; i < CHANGED_MAX; i++) {
      long ino = memory.get(LONG, at + CHANGED_AT + 8L * i);
      if (ino > 0) {
        changed.add(new Ino(ino));
      }
    }
    return changed;
  }

  /** Takes a slot for a request; -1 if there is none. */
  synchronized int take() {
    return freeCount == 0 ? -1 : free[--freeCount];
  }

  void put(int slot, long unique, long group, long made, long[] changed) {
    long at = (long) slot * SLOT_BYTES;
    LONGS.setRelease(memory, at + GROUP_AT, 0L);
    LONGS.setRelease(memory, at, unique);
    LONGS.setOpaque(memory, at + INO_AT, made);
    LONGS.setOpaque(memory, at + RESULT_AT, RUNNING);
    update(slot, group, changed);
  }

  /** Notes a further group. */
  void update(int slot, long group, long[] changed) {
    long at = (long) slot * SLOT_BYTES;
    for (int i = 0; i < CHANGED_MAX; i++) {
      LONGS.setOpaque(memory, at + CHANGED_AT + 8L * i, changed[i]);
    }
    LONGS.setRelease(memory, at + GROUP_AT, group);
  }

  void finish(int slot, long result) {
    LONGS.setRelease(memory, (long) slot * SLOT_BYTES + RESULT_AT, result);
  }

  synchronized void release(int slot) {
    LONGS.setRelease(memory, (long) slot * SLOT_BYTES + GROUP_AT, 0L);
    free[freeCount++] = slot;
  }
}
