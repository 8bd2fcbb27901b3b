package io.strata.checkpoint.format;

import io.strata.btree.PageAddress;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything at one checkpoint. The newest head is the volume: its tree, then its
 * carry, then the logs in {@code earlier} in order, then the log of its own epoch from {@code
 * replayFrom} on.
 *
 * @param number from 1, one more than its predecessor's
 * @param epoch its owner's epoch
 * @param owner who wrote it
 * @param time when
 * @param state whether the owner goes on behind it
 * @param predecessorCrc CRC32C of the payload of head {@code number - 1}; 0 in head 1
 * @param opened the head that the epoch began with, which the epoch's log names; null if it is this
 *     one
 * @param root the tree, null if empty
 * @param counters how much the tree holds, before carry and logs
 * @param replayFrom where in the log of its own epoch replay begins
 * @param earlier logs of epochs before, oldest first; what is left of them is replayed before the
 *     own log
 * @param carry mutations to apply to the tree before any log, opaque here; never changed
 * @param nextNonce no counter of this epoch's nonces from this one on was used when the head was
 *     made
 * @param retained earlier heads that are kept, in ascending order
 * @param snapshots checkpoints that are kept under a name
 * @param garbage what this head lets go, as far as it is not certain to be gone
 * @param lineage whose the objects are that are not the volume's own, as long as this head or one
 *     that it keeps refers to any
 * @param schedule by which rules the owner is to make snapshots, at most {@link
 *     KeepRule#COUNT_MAX}; empty for none
 */
public record Head(
    long number,
    Epoch epoch,
    Owner owner,
    Instant time,
    HeadState state,
    int predecessorCrc,
    @Nullable HeadReference opened,
    @Nullable PageAddress root,
    TreeCounters counters,
    LogPosition replayFrom,
    List<LogRange> earlier,
    ByteBuffer carry,
    long nextNonce,
    List<RetainedCheckpoint> retained,
    List<NamedSnapshot> snapshots,
    HeadGarbage garbage,
    Lineage lineage,
    List<KeepRule> schedule) {
  public Head {
    if (number < 1) {
      throw new IllegalArgumentException("no such head: " + number);
    }
    if (!replayFrom.epoch().equals(epoch)) {
      throw new IllegalArgumentException(
          "head of epoch %s replays from %s".formatted(epoch, replayFrom));
    }
    carry = carry.slice().asReadOnlyBuffer();
    earlier = List.copyOf(earlier);
    retained = List.copyOf(retained);
    snapshots = List.copyOf(snapshots);
    schedule = List.copyOf(schedule);
  }

  /** A view of the carry that is the caller's own. */
  @Override
  public ByteBuffer carry() {
    return carry.duplicate();
  }

  /** The first log object that replay from this head reads. */
  public LogPosition firstLog() {
    for (LogRange range : earlier) {
      if (!range.isReplayed()) {
        return range.start();
      }
    }
    return replayFrom;
  }

  /** This head as its successors remember it. */
  public RetainedCheckpoint asRetained() {
    return new RetainedCheckpoint(number, time, root, counters, firstLog());
  }

  /** The numbers of all heads that are kept: the retained, the named, and this one. */
  public SortedSet<Long> kept() {
    SortedSet<Long> numbers = new TreeSet<>();
    retained.forEach(checkpoint -> numbers.add(checkpoint.number()));
    snapshots.forEach(snapshot -> numbers.add(snapshot.checkpoint().number()));
    numbers.add(number);
    return numbers;
  }
}
