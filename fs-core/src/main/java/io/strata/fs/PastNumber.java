package io.strata.fs;

import io.strata.fs.schema.Ino;
import java.util.Optional;

/**
 * The number under which an inode of a snapshot is told to kernels: its own, which is the same in the
 * volume and in all snapshots, with the snapshot's beside it.
 *
 * <p>Bits, from the highest: 0, 1, 20 of the snapshot's slot, 3 of a class, 39 that the class divides
 * between the epoch and the counter of the inode's own number. A volume makes numbers with bit 62
 * set from epoch 2^22 on only ({@link #EPOCH_END}), and shows no snapshots then. The highest bit
 * stays 0 because programs keep {@code st_ino} in signed columns.
 *
 * <p>The slot is made of the number of the snapshot's head alone, so that it is the same in every
 * process and on every host; two snapshots whose heads are a multiple of 2^20 apart share one, and
 * only one of them can be shown.
 *
 * @param slot of the snapshot ({@link #slot})
 * @param ino its number in the snapshot
 */
public record PastNumber(int slot, Ino ino) {
  /** The directory that the snapshots are in. */
  public static final Ino DIRECTORY = new Ino(1L << 62);

  /** Volumes of this epoch and later ones use the numbers themselves. */
  public static final int EPOCH_END = 1 << 22;

  private static final int SLOT_BITS = 20;
  private static final int SLOT_SHIFT = 42;
  private static final int CLASS_SHIFT = 39;
  private static final long INSIDE_MASK = (1L << SLOT_SHIFT) - 1;
  private static final long OWN_MASK = (1L << CLASS_SHIFT) - 1;
  private static final int COUNTER_BITS = 40;

  /** Bits of the epoch in each class; the counter has the others. */
  private static final int[] EPOCH_BITS = {3, 6, 9, 12, 14, 16, 19, 22};

  /** The slot of the snapshot that head {@code head} is. */
  public static int slot(long head) {
    return (int) head & ((1 << SLOT_BITS) - 1);
  }

  /** Whether a number is of a snapshot's inode, or of the directory that snapshots are in. */
  public static boolean isPast(Ino ino) {
    return ino.value() >= DIRECTORY.value();
  }

  /** Whether a number is of the root of a snapshot. */
  public static boolean isRoot(Ino ino) {
    return isPast(ino) && (ino.value() & INSIDE_MASK) == Ino.ROOT.value();
  }

  /** What a number says; empty if it is none that {@link #encode} makes. */
  public static Optional<PastNumber> decode(Ino number) {
    if (!isPast(number)) {
      return Optional.empty();
    }
    long value = number.value();
    int kind = (int) (value >>> CLASS_SHIFT) & 7;
    int counterBits = CLASS_SHIFT - EPOCH_BITS[kind];
    long own = value & OWN_MASK;
    long epoch = own >>> counterBits;
    long counter = own & ((1L << counterBits) - 1);
    if (counter == 0 || kind != kind(epoch, counter)) {
      return Optional.empty();
    }
    int slot = (int) (value >>> SLOT_SHIFT) & ((1 << SLOT_BITS) - 1);
    return Optional.of(new PastNumber(slot, new Ino(epoch << COUNTER_BITS | counter)));
  }

  /** The number; empty if the inode's own is too large, which does not depend on the snapshot. */
  public Optional<Ino> encode() {
    long epoch = ino.value() >>> COUNTER_BITS;
    long counter = ino.value() & ((1L << COUNTER_BITS) - 1);
    int kind = kind(epoch, counter);
    if (kind < 0) {
      return Optional.empty();
    }
    long own = epoch << (CLASS_SHIFT - EPOCH_BITS[kind]) | counter;
    return Optional.of(
        new Ino(
            DIRECTORY.value() | (long) slot << SLOT_SHIFT | (long) kind << CLASS_SHIFT | own));
  }

  /** The first class that an epoch and a counter fit into; -1 if there is none. */
  private static int kind(long epoch, long counter) {
    for (int kind = 0; kind < EPOCH_BITS.length; kind++) {
      int epochBits = EPOCH_BITS[kind];
      if (epoch >>> epochBits == 0 && counter >>> (CLASS_SHIFT - epochBits) == 0) {
        return kind;
      }
    }
    return -1;
  }
}
