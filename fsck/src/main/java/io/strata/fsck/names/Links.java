package io.strata.fsck.names;

import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.NameFinding;
import io.strata.fsck.tree.Gaps;

/**
 * Checks inodes against the names that stand for them. Inodes and names are met in any order; what
 * can be told at once is told at once, the rest in {@link #end}.
 *
 * <p>Rules: a name stands for an inode of the type that it says; an inode that is no directory has
 * as many links as names; a directory has one name, in the directory that it says is its parent;
 * the root is a directory, holds itself and has no name; an inode is marked to be removed if, and
 * only if, it has no links.
 */
final class Links {
  private static final long ROOT = Ino.ROOT.value();

  private final Findings findings;
  private final Gaps gaps;
  private final InodeTable table;

  Links(Findings findings, Gaps gaps, InodeTable table) {
    this.findings = findings;
    this.gaps = gaps;
    this.table = table;
  }

  /** Meets an inode. */
  void inode(long ino, Inode inode) {
    long slot = table.add(ino);
    if (table.names(slot) > 0) {
      requireType(ino, table.type(slot), inode.type());
    }
    table.setExists(slot, inode.type(), inode.links());
    // What others say is a hint, which a name of theirs may have left behind.
    Ino parent = inode.type() == FileType.DIRECTORY ? inode.parent() : null;
    if (parent != null) {
      table.setSaid(slot, parent.value());
      if (table.names(slot) == 0) {
        table.setParent(slot, parent.value());
      } else {
        requireParent(ino, parent.value(), table.parent(slot));
      }
    }
  }

  /** Meets a name. */
  void name(long holder, Dentry entry) {
    long child = entry.child().value();
    long slot = table.add(child);
    if (table.exists(slot) || table.names(slot) > 0) {
      requireType(child, entry.type(), table.type(slot));
    } else {
      table.setType(slot, entry.type());
    }
    if (table.names(slot) == 0) {
      if (table.exists(slot) && table.type(slot) == FileType.DIRECTORY) {
        requireParent(child, table.parent(slot), holder);
      }
      table.setParent(slot, holder);
    } else if (table.said(slot) == holder) {
      table.setParent(slot, holder); // of several names the one that it agrees to
    }
    table.addName(slot);
  }

  private void requireType(long ino, FileType named, FileType found) {
    if (named != found) {
      findings.add(ino, file -> new NameFinding.WrongType(file, Words.of(named), Words.of(found)));
    }
  }

  private void requireParent(long ino, long recorded, long found) {
    if (recorded != found) {
      findings.add(ino, file -> new NameFinding.WrongParent(file, recorded, found));
    }
  }

  /** Meets a name in what is no directory. The root is going to be one. */
  void strayName(long holder, Dentry entry) {
    if (holder != ROOT) {
      table.addStrayName(table.add(entry.child().value()));
    }
  }

  /** Meets an entry in a directory that does not exist, or has no links. */
  void entryOf(long holder) {
    table.setHasEntries(table.add(holder));
  }

  /** Meets an extent of a file that does not exist. */
  void extentOf(long ino) {
    table.setHasExtents(table.add(ino));
  }

  /** Meets the mark of an inode that is to be removed. */
  void mark(long ino) {
    table.setMarked(table.add(ino));
  }

  /** Checks what can be told only when everything has been met. */
  void end() {
    root();
    for (long slot = 0; slot < table.slots(); slot++) {
      if (table.used(slot)) {
        if (table.exists(slot)) {
          names(slot);
          mark(slot, table.ino(slot));
        } else {
          absent(slot, table.ino(slot));
        }
      }
    }
  }

  private void absent(long slot, long ino) {
    if (gaps.mayHold(TreeKeys.inode(new Ino(ino)))) {
      return;
    }
    int names = table.names(slot);
    if (names > 0) {
      findings.add(ino, file -> new NameFinding.NameWithoutInode(file, names));
    }
    if (table.marked(slot)) {
      findings.add(
          ino, file -> new NameFinding.WrongMark(file, "is to be removed and does not exist"));
    }
  }

  private void mark(long slot, long ino) {
    if (table.marked(slot) && table.links(slot) > 0) {
      findings.add(ino, file -> new NameFinding.WrongMark(file, "is to be removed and has links"));
    } else if (!table.marked(slot)
        && table.links(slot) == 0
        && !gaps.mayHold(TreeKeys.orphan(new Ino(ino)))) {
      findings.add(
          ino, file -> new NameFinding.WrongMark(file, "has no links and is not to be removed"));
    }
  }

  private void root() {
    long slot = table.find(ROOT);
    if (slot < 0 || !table.exists(slot)) {
      if (!gaps.mayHold(TreeKeys.inode(Ino.ROOT))) {
        findings.add(ROOT, file -> new NameFinding.NoRoot(file, "does not exist"));
      }
    } else if (table.type(slot) != FileType.DIRECTORY) {
      String type = Words.of(table.type(slot));
      findings.add(ROOT, file -> new NameFinding.NoRoot(file, "is " + type));
    } else if (table.parent(slot) != ROOT) {
      long parent = table.parent(slot);
      findings.add(
          ROOT, file -> new NameFinding.NoRoot(file, "says that its parent is inode " + parent));
    }
  }

  private void names(long slot) {
    long ino = table.ino(slot);
    FileType type = table.type(slot);
    int links = table.links(slot);
    int names = table.names(slot);
    boolean someUnread = !gaps.none();
    if (ino == ROOT) {
      if (names > 0) {
        findings.add(ino, file -> new NameFinding.DirectoryNamedTwice(file, names + 1));
      }
    } else if (names == 0 && links > 0) {
      if (!someUnread) {
        findings.add(ino, file -> new NameFinding.NoName(file, Words.of(type)));
      }
    } else if (type == FileType.DIRECTORY) {
      if (names > 1) {
        findings.add(ino, file -> new NameFinding.DirectoryNamedTwice(file, names));
      } else if (links == 0 && names > 0) {
        findings.add(ino, file -> new NameFinding.WrongLinkCount(file, 0, 2));
      }
    } else if (names > links || (names < links && !someUnread)) {
      findings.add(ino, file -> new NameFinding.WrongLinkCount(file, links, names));
    }
  }
}
