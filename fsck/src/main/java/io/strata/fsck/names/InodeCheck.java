package io.strata.fsck.names;

import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.NameFinding;
import io.strata.fsck.finding.SpaceFinding;
import io.strata.fsck.tree.Gaps;
import io.strata.fsck.tree.KeyRange;
import io.strata.store.Epoch;
import org.jspecify.annotations.Nullable;

/**
 * Checks each inode against the entries that are its own, as they come by in the order of the tree:
 * the inode first, then attributes, names and extents.
 *
 * <p>Rules: only directories have entries, only regular files have extents; a directory's size is
 * the number of its entries and its links are 2 and one for each directory in it, or 0 if it was
 * removed, and then it is empty; a symbolic link's size is the length of its target; extents do not
 * overlap and do not reach past the end of the file (space is never reserved, and truncation cuts),
 * and their lengths sum up to what is allocated; inode numbers are of epochs that have begun.
 */
final class InodeCheck {
  private final Findings findings;
  private final Gaps gaps;
  private final Epoch newest;

  private long ino;
  private @Nullable Inode inode;
  private boolean strayTold;
  private long names;
  private long directories;
  private long extentBytes;
  private long extentEnd;

  /**
   * @param newest the newest head's epoch
   */
  InodeCheck(Findings findings, Gaps gaps, Epoch newest) {
    this.findings = findings;
    this.gaps = gaps;
    this.newest = newest;
  }

  /** What the inode is whose entries come by. */
  enum Holder {
    DIRECTORY,
    /** It does not exist, or has no links. */
    NONE_OR_REMOVED,
    /** It is something else. */
    OTHER
  }

  /** What the inode is of which the last entry was taken. */
  Holder holder() {
    if (inode == null || (inode.type() == FileType.DIRECTORY && inode.links() == 0)) {
      return Holder.NONE_OR_REMOVED;
    }
    return inode.type() == FileType.DIRECTORY ? Holder.DIRECTORY : Holder.OTHER;
  }

  void inode(Mutation.InodePut put) {
    begin(put.ino());
    inode = put.inode();
    long epoch = ino >>> 40;
    if (!put.ino().equals(Ino.ROOT) && (epoch < 1 || epoch > newest.value())) {
      String problem = "epoch %d, the newest is %d".formatted(epoch, newest.value());
      findings.add(ino, file -> new NameFinding.WrongNumber(file, problem));
    }
  }

  void attribute(Mutation.XattrPut put) {
    begin(put.ino());
    if (inode == null) {
      strayWithoutInode();
    }
  }

  void name(Mutation.DentryPut put) {
    begin(put.parent());
    names++;
    directories += put.entry().type() == FileType.DIRECTORY ? 1 : 0;
    if (inode == null) {
      strayWithoutInode();
    } else if (inode.type() != FileType.DIRECTORY) {
      stray("has entries and is " + Words.of(inode.type()));
    }
  }

  void extent(Mutation.ExtentPut put) {
    begin(put.ino());
    Extent extent = put.extent();
    if (inode == null) {
      strayWithoutInode();
    } else if (inode.type() != FileType.REGULAR) {
      stray("has extents and is " + Words.of(inode.type()));
    } else if (extent.end() > inode.size()) {
      long size = inode.size();
      findings.add(ino, file -> new SpaceFinding.BeyondEnd(file, size, extent.end()));
    }
    if (extent.fileOffset() < extentEnd) {
      long end = Math.min(extentEnd, extent.end());
      findings.add(ino, file -> new SpaceFinding.Overlap(file, extent.fileOffset(), end));
    }
    extentEnd = Math.max(extentEnd, extent.end());
    extentBytes += extent.length();
  }

  /** Ends the last inode. */
  void end() {
    if (inode != null) {
      switch (inode.type()) {
        case DIRECTORY -> directory(inode);
        case REGULAR -> {
          if (!gaps.mayHold(KeyRange.of(TreeKeys.extentsFrom(new Ino(ino), 0)))) {
            require("allocated bytes", inode.allocated(), extentBytes);
          }
        }
        case SYMLINK -> require("size", inode.size(), inode.target().length());
        case FIFO, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE ->
            require("allocated bytes", inode.allocated(), 0);
      }
    }
    ino = 0;
    inode = null;
  }

  private void directory(Inode directory) {
    if (gaps.mayHold(KeyRange.of(TreeKeys.dentries(new Ino(ino))))) {
      return;
    }
    require("size", directory.size(), names);
    long found = directory.links() == 0 && names == 0 ? 0 : 2 + directories;
    if (directory.links() != found) {
      int recorded = directory.links();
      findings.add(ino, file -> new NameFinding.WrongLinkCount(file, recorded, found));
    }
  }

  private void require(String attribute, long recorded, long found) {
    if (recorded != found) {
      findings.add(ino, file -> new NameFinding.WrongAttribute(file, attribute, recorded, found));
    }
  }

  private void begin(Ino next) {
    if (next.value() != ino) {
      end();
      ino = next.value();
      strayTold = false;
      names = 0;
      directories = 0;
      extentBytes = 0;
      extentEnd = 0;
    }
  }

  private void strayWithoutInode() {
    if (!gaps.mayHold(TreeKeys.inode(new Ino(ino)))) {
      stray("does not exist and has entries in the tree");
    }
  }

  private void stray(String problem) {
    if (!strayTold) {
      strayTold = true;
      findings.add(ino, file -> new NameFinding.StrayEntries(file, problem));
    }
  }
}
