package io.strata.fuse.abi;

import io.strata.fs.Attributes;
import io.strata.fs.PastNumber;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.time.Duration;

/**
 * How long the kernel may keep what it was told.
 *
 * <p>What is in a snapshot never changes, and may be kept for long whatever these say. That there is
 * a snapshot of some name may not be kept at all: so everything below is found anew, or is not, as
 * soon as one is made or deleted.
 *
 * @param names that a name exists
 * @param attributes of an inode
 * @param absentNames that a name does not exist; zero: not at all
 * @param revocable whether the kernel can be told to forget earlier
 * @param submounts whether it mounts the root of a snapshot by itself when that is entered
 */
public record Lifetimes(
    Duration names,
    Duration attributes,
    Duration absentNames,
    boolean revocable,
    boolean submounts) {
  private static final int SET_ID_BITS = 06000;
  private static final Duration PAST = Duration.ofHours(1);

  public Lifetimes {
    if (names.isNegative() || attributes.isNegative() || absentNames.isNegative()) {
      throw new IllegalArgumentException("negative lifetime");
    }
  }

  /** Lifetimes that a notification can cut short. */
  public Lifetimes(Duration names, Duration attributes, Duration absentNames) {
    this(names, attributes, absentNames, true, false);
  }

  /** The same for a kernel that takes no notifications. */
  public Lifetimes irrevocable() {
    return new Lifetimes(names, attributes, absentNames, false, submounts);
  }

  /** The same for a kernel that mounts the roots of snapshots, or not. */
  public Lifetimes withSubmounts(boolean value) {
    return value == submounts
        ? this
        : new Lifetimes(names, attributes, absentNames, revocable, value);
  }

  /** How long a name may be kept that means this. */
  Duration ofName(Attributes known) {
    if (!PastNumber.isPast(known.ino()) || known.ino().equals(PastNumber.DIRECTORY)) {
      return names;
    }
    return PastNumber.isRoot(known.ino()) ? Duration.ZERO : PAST;
  }

  /** How long it may be kept that a directory does not have a name; zero: not at all. */
  public Duration ofAbsentName(Ino directory) {
    if (!PastNumber.isPast(directory)) {
      return absentNames;
    }
    return directory.equals(PastNumber.DIRECTORY) ? Duration.ZERO : PAST;
  }

  /** {@code Flags.ATTRIBUTES_*} of what a name means. */
  int flags(Attributes known) {
    return submounts && PastNumber.isRoot(known.ino()) ? Flags.ATTRIBUTES_SUBMOUNT : 0;
  }

  /**
   * How long these attributes may be kept. The kernel has us clear set-id bits when somebody writes
   * a file (HANDLE_KILLPRIV_V2) and goes on believing in the mode that it knows: where it cannot be
   * told, it may not keep such a mode.
   */
  Duration of(Attributes known) {
    if (PastNumber.isPast(known.ino())) {
      return known.ino().equals(PastNumber.DIRECTORY) ? Duration.ZERO : PAST;
    }
    boolean setId = (known.mode() & SET_ID_BITS) != 0 && known.type() == FileType.REGULAR;
    return setId && !revocable ? Duration.ZERO : attributes;
  }
}
