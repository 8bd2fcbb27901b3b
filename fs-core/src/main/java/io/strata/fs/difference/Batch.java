package io.strata.fs.difference;

import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.StateTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The inodes of a range of numbers about which something differs.
 *
 * <p>What is to be known of one inode is spread over the tree: its names stand with the directories
 * that hold them. So one pass over all that differs gathers as many inodes as a batch may have, those
 * with the least numbers, and the next pass those behind them.
 */
final class Batch {
  private final NavigableMap<Ino, TouchedInode> inodes = new TreeMap<>();
  private final Ino from;
  private final int max;

  /** The first inode that is left to the next batch. */
  private @Nullable Ino end;

  /** How many names are in memory. */
  private long names;

  private Batch(Ino from, int max) {
    this.from = from;
    this.max = max;
  }

  /**
   * Gathers a batch.
   *
   * @param from no inodes before this one
   * @param max about how many inodes and names of them
   */
  static Batch gather(
      StateTree before, StateTree after, Ino from, int max, DifferenceProgress progress)
      throws IOException {
    Batch batch = new Batch(from, max);
    List<MalformedRecord> malformed = new ArrayList<>();
    long[] entries = {0};
    before.differences(
        after,
        TreeKeys.inodes(),
        (key, old, now) -> {
          try {
            batch.take(TreeKeys.decode(key), old, now);
          } catch (MalformedRecord e) {
            malformed.add(e);
            return false;
          }
          progress.going(DifferenceProgress.Step.COMPARING, ++entries[0]);
          return true;
        });
    if (!malformed.isEmpty()) {
      throw malformed.getFirst();
    }
    return batch;
  }

  /** In the order of their numbers. */
  Collection<TouchedInode> inodes() {
    return inodes.values();
  }

  /** Where the next batch begins; null if there is none. */
  @Nullable Ino end() {
    return end;
  }

  private void take(TreeKey key, byte @Nullable [] old, byte @Nullable [] now)
      throws MalformedRecord {
    switch (key) {
      case TreeKey.OfInode of -> {
        TouchedInode inode = touched(of.ino());
        if (inode != null) {
          inode.inode = true;
          inode.before = old;
          inode.after = now;
        }
      }
      case TreeKey.OfXattr of -> {
        TouchedInode inode = touched(of.ino());
        if (inode != null) {
          inode.attributes = true;
        }
      }
      case TreeKey.OfExtent of -> {
        TouchedInode inode = touched(of.ino());
        if (inode != null) {
          inode.extents = true;
        }
      }
      case TreeKey.OfDentry of -> takeName(of, old, now);
      case TreeKey.OfOrphan of -> {}
      case TreeKey.OfSegment of -> {}
      case TreeKey.OfSegmentLive of -> {}
      case TreeKey.OfPack of -> {}
      case TreeKey.Dead of -> {}
    }
  }

  private void takeName(TreeKey.OfDentry key, byte @Nullable [] old, byte @Nullable [] now)
      throws MalformedRecord {
    TouchedInode directory = touched(key.parent());
    if (directory != null) {
      directory.entries = true;
    }
    Place place = new Place(key.parent(), key.name());
    Ino former = old == null ? null : Dentry.decode(old).child();
    Ino present = now == null ? null : Dentry.decode(now).child();
    if (former != null && former.equals(present)) {
      return;
    }
    TouchedInode loser = former == null ? null : touched(former);
    if (loser != null) {
      loser.lost.add(new NameChange(place, present));
      names++;
    }
    TouchedInode winner = present == null ? null : touched(present);
    if (winner != null) {
      winner.gained.add(new NameChange(place, former));
      names++;
    }
  }

  /** What is gathered of an inode; null if it belongs to another batch. */
  private @Nullable TouchedInode touched(Ino ino) {
    if (ino.compareTo(from) < 0 || (end != null && ino.compareTo(end) >= 0)) {
      return null;
    }
    TouchedInode there = inodes.get(ino);
    if (there != null) {
      return there;
    }
    TouchedInode inode = new TouchedInode(ino);
    inodes.put(ino, inode);
    while (inodes.size() > 1 && inodes.size() + names > max) {
      Map.Entry<Ino, TouchedInode> last = inodes.pollLastEntry();
      end = last.getKey();
      names -= last.getValue().gained.size() + last.getValue().lost.size();
    }
    return end != null && ino.compareTo(end) >= 0 ? null : inode;
  }
}
