package io.strata.checkpoint;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much space dead objects take that kept checkpoints still refer to, and which of those should
 * be let go for it. Named snapshots are never let go. Pure.
 *
 * @param bytes what all of them take
 * @param retainFrom the first checkpoint that is to be retained from now on, a few most recent ones
 *     apart
 * @param passes whether some of it will go without anybody's doing, once newer heads come
 */
public record PinnedSpace(long bytes, long retainFrom, boolean passes) {
  /**
   * An object that is dead and not deleted.
   *
   * @param lifetime when it lived
   * @param bytes its length
   */
  public record Dead(Lifetime lifetime, long bytes) {}

  /**
   * Weighs the space against what it may be.
   *
   * @param dead what was not deleted after {@code newest} was committed
   * @param bytesMax from this many bytes on, the oldest checkpoints are let go until the rest pins
   *     no more
   */
  public static PinnedSpace of(List<Dead> dead, Head newest, long bytesMax) {
    SortedSet<Long> kept = newest.kept();
    long bytes = pinned(dead, kept);
    if (bytes <= bytesMax) {
      return new PinnedSpace(bytes, 0, false);
    }
    List<Long> retained =
        new ArrayList<>(newest.retained().stream().map(RetainedCheckpoint::number).toList());
    SortedSet<Long> named = new TreeSet<>(List.of(newest.number()));
    newest.snapshots().forEach(snapshot -> named.add(snapshot.checkpoint().number()));
    long least = pinned(dead, named);
    SortedSet<Long> left = new TreeSet<>(kept);
    long retainFrom = 0;
    for (long number : retained) {
      long pinned = pinned(dead, left);
      if (pinned <= bytesMax || pinned == least) {
        break;
      }
      retainFrom = number + 1;
      if (!named.contains(number)) {
        left.remove(number);
      }
    }
    return new PinnedSpace(bytes, retainFrom, least < bytes);
  }

  private static long pinned(List<Dead> dead, SortedSet<Long> kept) {
    long bytes = 0;
    for (Dead object : dead) {
      Lifetime life = object.lifetime();
      if (!kept.subSet(life.birthHead(), life.deathHead()).isEmpty()) {
        bytes += object.bytes();
      }
    }
    return bytes;
  }
}
