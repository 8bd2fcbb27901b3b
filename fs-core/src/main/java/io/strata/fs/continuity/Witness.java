package io.strata.fs.continuity;

import static io.strata.fs.continuity.MappedFile.CHANGING_AT;
import static io.strata.fs.continuity.MappedFile.FIXED_AT;
import static io.strata.fs.continuity.MappedFile.HEADER_BYTES;
import static io.strata.fs.continuity.MappedFile.INT;
import static io.strata.fs.continuity.MappedFile.LONG;
import static io.strata.fs.continuity.MappedFile.LONGS;

import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What an epoch has acknowledged and not yet made durable: for each inode the last group that
 * changed it. It outlives the process, so that its successor, who knows which groups the log holds,
 * knows which inodes lost something. Safe for any thread.
 *
 * <p>A table of buckets of eight entries. An entry whose group is durable says nothing any more and
 * is used again; where a bucket has no room for an inode, the group is noted for all inodes.
 */
final class Witness {
  static final int BUCKET_ENTRIES = 8;

  private static final long MAGIC = 0x7373656e74695773L;
  private static final int BUCKETS = 1 << 15;
  private static final int ENTRY_BYTES = 16;
  private static final int BUCKET_BYTES = BUCKET_ENTRIES * ENTRY_BYTES;
  private static final long BYTES = HEADER_BYTES + (long) BUCKETS * BUCKET_BYTES;

  private static final int EPOCH_AT = FIXED_AT;

  /** The last group of those that found no room. */
  private static final int OVERFLOW_AT = CHANGING_AT;

  /** The last heads, each with the number of the last group that its tree holds. */
  private static final int HEADS_AT = CHANGING_AT + 16;

  private static final int HEADS = 8;
  private static final int STRIPES = 64;

  private final MemorySegment file;
  private final LongSupplier durable;
  private final Object[] stripes = new Object[STRIPES];

  private Witness(MemorySegment file, LongSupplier durable) {
    this.file = file;
    this.durable = durable;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Object();
    }
  }

  /**
   * Makes the witness of an epoch.
   *
   * @param durable tells the last group that is durable
   */
  static Witness create(Path path, MappedFile.Owner owner, Epoch epoch, LongSupplier durable)
      throws IOException {
    MemorySegment file =
        MappedFile.create(
            path, MAGIC, owner, BYTES, fresh -> fresh.set(INT, EPOCH_AT, epoch.value()));
    return new Witness(file, durable);
  }

  /** The witness of an epoch that is over. */
  static Optional<Witness> open(Path path, MappedFile.Owner owner, Epoch epoch)
      throws IOException {
    return MappedFile.open(path, MAGIC, owner, BYTES)
        .filter(file -> file.get(INT, EPOCH_AT) == epoch.value())
        .map(file -> new Witness(file, () -> 0));
  }

  /** Notes that a group which is about to be acknowledged changes an inode. */
  void changed(long ino, long group) {
    int bucket = Buckets.of(ino, BUCKETS);
    long start = HEADER_BYTES + (long) bucket * BUCKET_BYTES;
    boolean found;
    synchronized (stripes[bucket % STRIPES]) {
      found = put(start, ino, group);
    }
    if (!found) {
      synchronized (stripes) {
        long last = (long) LONGS.getOpaque(file, (long) OVERFLOW_AT);
        LONGS.setOpaque(file, (long) OVERFLOW_AT, Math.max(last, group));
      }
    }
  }

  private boolean put(long start, long ino, long group) {
    long free = -1;
    for (long at = start; at < start + BUCKET_BYTES; at += ENTRY_BYTES) {
      long there = (long) LONGS.getOpaque(file, at);
      if (there == ino) {
        long last = (long) LONGS.getOpaque(file, at + 8);
        LONGS.setOpaque(file, at + 8, Math.max(last, group));
        return true;
      }
      if (there == 0) {
        free = at;
        break;
      }
    }
    if (free < 0) {
      free = durableEntry(start);
    }
    if (free < 0) {
      return false;
    }
    // In this order: for a moment the inode stands with a group that is durable or none.
    LONGS.setRelease(file, free, ino);
    LONGS.setRelease(file, free + 8, group);
    return true;
  }

  private long durableEntry(long start) {
    long last = durable.getAsLong();
    for (long at = start; at < start + BUCKET_BYTES; at += ENTRY_BYTES) {
      if ((long) LONGS.getOpaque(file, at + 8) <= last) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Notes, before a head is committed, which groups its tree holds. One thread at a time.
   *
   * @param head its number
   * @param group the last of them
   */
  void covered(long head, long group) {
    long at = HEADS_AT + head % HEADS * ENTRY_BYTES;
    if (file.get(LONG, at) == head) {
      // A try before whose outcome is unknown may be what stands there in the end: the less counts.
      LONGS.setRelease(file, at + 8, Math.min(file.get(LONG, at + 8), group));
      return;
    }
    LONGS.setRelease(file, at, 0L);
    LONGS.setRelease(file, at + 8, group);
    LONGS.setRelease(file, at, head);
  }

  /** The last group that the tree of a head holds, if that was noted. */
  OptionalLong coveredBy(long head) {
    long at = HEADS_AT + head % HEADS * ENTRY_BYTES;
    return file.get(LONG, at) == head
        ? OptionalLong.of(file.get(LONG, at + 8))
        : OptionalLong.empty();
  }

  /** Inodes that lost something if only the first {@code groups} groups are left. */
  List<Ino> lostAfter(long groups) {
    List<Ino> lost = new ArrayList<>();
    for (long at = HEADER_BYTES; at < BYTES; at += ENTRY_BYTES) {
      long ino = file.get(LONG, at);
      if (ino > 0 && file.get(LONG, at + 8) > groups) {
        lost.add(new Ino(ino));
      }
    }
    return lost;
  }

  /** Whether any other inode may have lost something as well. */
  boolean mayHaveLostMore(long groups) {
    return file.get(LONG, OVERFLOW_AT) > groups;
  }
}
