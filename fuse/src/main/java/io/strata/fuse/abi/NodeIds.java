package io.strata.fuse.abi;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.PastNumber;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.util.Optional;

/**
 * What a kernel calls inodes: node ids, which are inode numbers until the files are replaced under
 * it. Each replacement begins an era, in which all inodes but the root have other ids: a kernel that
 * holds written data back believes its own length of an inode that it knows, so it has to meet files
 * that it does not know. An id of an earlier era names nothing any more.
 *
 * <p>Bits of an id, from the highest: 0, then what the inode number has there; but in those between
 * bit 61 and the highest that numbers of this owner's epoch use, the era, its lowest bit first. So an
 * id that somebody kept over the owner's end is none of a later inode either, for very many epochs.
 * What is in snapshots keeps its numbers, because it never changes.
 *
 * @param era how often the files were replaced
 * @param shift the lowest bit that may be of the era
 */
public record NodeIds(int era, int shift) {
  /** Those of a kernel under which nothing was replaced: inode numbers. */
  public static final NodeIds FIRST = new NodeIds(0, NodeIds.END);

  /** The lowest bit that eras never use: it tells what is in a snapshot. */
  private static final int END = 62;

  /** Where inode numbers hold an epoch. */
  private static final int EPOCH_SHIFT = 40;

  /** The id of an inode. */
  public long of(Ino ino) {
    if (isFixed(ino.value())) {
      return ino.value();
    }
    if ((ino.value() & eraMask()) != 0) {
      throw new IllegalStateException("inode " + ino + " is of a later epoch than the owner's");
    }
    return ino.value() | bits();
  }

  /** The inode that an id names; ESTALE if it names none in this era. */
  public Ino ino(long id) throws FsException {
    if (!isCurrent(id)) {
      throw new FsException(Errno.ESTALE, "there is no node " + id + " any more");
    }
    return inoOfAnyEra(id);
  }

  /** The inode that an id names or has named; ESTALE if it cannot have. */
  public Ino inoOfAnyEra(long id) throws FsException {
    long own = own(id);
    if (own < 1) {
      throw new FsException(Errno.ESTALE, "there is no node " + id);
    }
    return new Ino(own);
  }

  /** The inode that an id names in this era; empty if it names none, or the root. */
  public Optional<Ino> belowRoot(long id) {
    long own = own(id);
    return own > Ino.ROOT.value() && isCurrent(id) ? Optional.of(new Ino(own)) : Optional.empty();
  }

  private boolean isCurrent(long id) {
    return isFixed(id) || (id & eraMask()) == bits();
  }

  private long own(long id) {
    return isFixed(id) ? id : id & ~eraMask();
  }

  /**
   * Those of the next era; empty if there are no bits left for it.
   *
   * @param newest the epoch of the volume's owner: no inode is of a later one
   */
  public Optional<NodeIds> next(Epoch newest) {
    int epochBits = Integer.SIZE - Integer.numberOfLeadingZeros(newest.value());
    int from = era == 0 ? Math.min(EPOCH_SHIFT + epochBits, END) : shift;
    int next = era + 1;
    return next >>> (END - from) == 0 ? Optional.of(new NodeIds(next, from)) : Optional.empty();
  }

  private static boolean isFixed(long value) {
    return value == Ino.ROOT.value() || value >= PastNumber.DIRECTORY.value();
  }

  private long eraMask() {
    return (1L << END) - (1L << shift);
  }

  private long bits() {
    return Long.reverse(era) >>> (Long.SIZE - END);
  }
}
