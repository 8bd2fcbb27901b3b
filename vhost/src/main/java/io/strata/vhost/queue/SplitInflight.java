package io.strata.vhost.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is in flight in a split ring, where it outlives this process (vhost-user,
 * "Inflight I/O tracking", QueueRegionSplit). At whatever store the process is killed: each chain
 * that was taken is found to be either used or in flight, and not both.
 *
 * <p>Confined as its {@link SplitRing}.
 */
final class SplitInflight {
  private static final int VERSION = 1;

  private static final int FEATURES_AT = 0;
  private static final int VERSION_AT = 8;
  private static final int COUNT_AT = 10;
  private static final int LAST_BATCH_HEAD_AT = 12;
  private static final int USED_INDEX_AT = 14;
  private static final int STATES_AT = 16;

  private static final int STATE_BYTES = 16;
  private static final int INFLIGHT_AT = 0;
  private static final int NEXT_AT = 6;
  private static final int COUNTER_AT = 8;

  private final RingMemory region;
  private final int entries;
  private long counter;

  SplitInflight(RingMemory region, int entries) {
    this.region = region;
    this.entries = entries;
  }

  /**
   * Finishes what was begun when the last process ended.
   *
   * @param usedIndex of the used ring
   * @param base where the front end says that the ring goes on
   * @return heads in flight, in the order in which they were taken; null if nothing is known
   */
  @Nullable List<Integer> recover(int usedIndex, int base) {
    int version = region.u16Acquire(VERSION_AT);
    if (version == 0) {
      begin(usedIndex);
      return null;
    }
    int count = region.u16(COUNT_AT);
    if (version != VERSION || count != entries) {
      throw new QueueBrokenException(
          "inflight region of version %d for %d entries, where version %d for %d is known"
              .formatted(version, count, VERSION, entries));
    }
    int behind = usedIndex - region.u16(USED_INDEX_AT) & 0xffff;
    if (behind > entries) {
      if (usedIndex == 0 && base == 0) {
        // The driver began anew, and nobody gave it a new region.
        begin(usedIndex);
        return null;
      }
      throw new QueueBrokenException(
          "inflight region that is %d entries behind a ring of %d".formatted(behind, entries));
    }
    int head = region.u16(LAST_BATCH_HEAD_AT);
    for (int i = 0; i < behind; i++) {
      long state = state(head);
      region.putU8(state + INFLIGHT_AT, 0);
      head = region.u16(state + NEXT_AT);
    }
    region.putU16(USED_INDEX_AT, usedIndex);
    return inFlight();
  }

  private void begin(int usedIndex) {
    for (int i = 0; i < entries; i++) {
      region.putU8(state(i) + INFLIGHT_AT, 0);
    }
    region.putU64(FEATURES_AT, 0);
    region.putU16(COUNT_AT, entries);
    region.putU16(LAST_BATCH_HEAD_AT, 0);
    region.putU16(USED_INDEX_AT, usedIndex);
    region.putU16(VERSION_AT, VERSION);
  }

  private List<Integer> inFlight() {
    record Waiting(int head, long counter) {}
    List<Waiting> waiting = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      if (region.u8(state(i) + INFLIGHT_AT) != 0) {
        waiting.add(new Waiting(i, region.u64(state(i) + COUNTER_AT)));
      }
    }
    waiting.sort(Comparator.comparingLong(Waiting::counter));
    if (!waiting.isEmpty()) {
      counter = waiting.getLast().counter() + 1;
    }
    return waiting.stream().map(Waiting::head).toList();
  }

  /** A head was taken. */
  void taken(int head) {
    long state = state(head);
    region.putU64(state + COUNTER_AT, counter++);
    region.putU8(state + INFLIGHT_AT, 1);
  }

  /** A head is about to be used. */
  void beforeUsed(int head) {
    region.putU16(state(head) + NEXT_AT, region.u16(LAST_BATCH_HEAD_AT));
    region.putU16(LAST_BATCH_HEAD_AT, head);
  }

  /** The used index says that it is. */
  void afterUsed(int head, int usedIndex) {
    region.putU8(state(head) + INFLIGHT_AT, 0);
    region.putU16(USED_INDEX_AT, usedIndex);
  }

  private long state(int head) {
    if (head >= entries) {
      throw new QueueBrokenException("inflight region that names entry " + head);
    }
    return STATES_AT + (long) STATE_BYTES * head;
  }
}
