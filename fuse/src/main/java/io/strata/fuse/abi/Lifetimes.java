package io.strata.fuse.abi;

import io.strata.fs.Attributes;
import io.strata.fs.schema.FileType;
import java.time.Duration;

/**
 * How long the kernel may keep what it was told.
 *
 * @param names that a name exists
 * @param attributes of an inode
 * @param absentNames that a name does not exist; zero: not at all
 * @param revocable whether the kernel can be told to forget earlier
 */
public record Lifetimes(
    Duration names, Duration attributes, Duration absentNames, boolean revocable) {
  private static final int SET_ID_BITS = 06000;

  public Lifetimes {
    if (names.isNegative() || attributes.isNegative() || absentNames.isNegative()) {
      throw new IllegalArgumentException("negative lifetime");
    }
  }

  /** Lifetimes that a notification can cut short. */
  public Lifetimes(Duration names, Duration attributes, Duration absentNames) {
    this(names, attributes, absentNames, true);
  }

  /** The same for a kernel that takes no notifications. */
  public Lifetimes irrevocable() {
    return new Lifetimes(names, attributes, absentNames, false);
  }

  /**
   * How long these attributes may be kept. The kernel has us clear set-id bits when somebody writes
   * a file (HANDLE_KILLPRIV_V2) and goes on believing in the mode that it knows: where it cannot be
   * told, it may not keep such a mode.
   */
  Duration of(Attributes known) {
    boolean setId = (known.mode() & SET_ID_BITS) != 0 && known.type() == FileType.REGULAR;
    return setId && !revocable ? Duration.ZERO : attributes;
  }
}
