package io.strata.fs.difference;

import io.strata.fs.difference.PathChange.Aspect;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Inode;
import java.util.EnumSet;
import java.util.Set;

/** What differs about a file that there is in both states. Pure. */
final class Aspects {
  private Aspects() {}

  /** Of one inode. */
  static Set<Aspect> of(TouchedInode inode, Inode before, Inode after) {
    Set<Aspect> aspects = compared(before, after);
    boolean modified = !before.modified().equals(after.modified());
    boolean changed = !before.changed().equals(after.changed());
    // Whoever writes changes the times too; compaction, which moves bytes, does not.
    if (inode.extents && (modified || changed)) {
      aspects.add(Aspect.DATA);
    }
    if (inode.attributes) {
      aspects.add(Aspect.XATTR);
    }
    if (before.type() == FileType.DIRECTORY) {
      // How many entries it has, and when that changed, is told by the entries.
      aspects.remove(Aspect.SIZE);
      modified = modified && !inode.entries;
      changed = changed && !inode.entries;
    }
    boolean names = !inode.gained.isEmpty() || !inode.lost.isEmpty();
    if (modified || (changed && aspects.isEmpty() && !names)) {
      aspects.add(Aspect.TIMES);
    }
    return aspects;
  }

  /** Of a file and another that has taken its place. */
  static Set<Aspect> ofReplaced(Inode before, Inode after) {
    Set<Aspect> aspects = compared(before, after);
    aspects.add(Aspect.REPLACED);
    if (after.type() == FileType.REGULAR && (before.allocated() > 0 || after.allocated() > 0)) {
      aspects.add(Aspect.DATA);
    }
    if (!before.modified().equals(after.modified())) {
      aspects.add(Aspect.TIMES);
    }
    return aspects;
  }

  private static Set<Aspect> compared(Inode before, Inode after) {
    Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
    if (before.size() != after.size()) {
      aspects.add(Aspect.SIZE);
    }
    if (before.mode() != after.mode()) {
      aspects.add(Aspect.MODE);
    }
    if (before.uid() != after.uid() || before.gid() != after.gid()) {
      aspects.add(Aspect.OWNER);
    }
    if (before.device() != after.device()) {
      aspects.add(Aspect.DEVICE);
    }
    if (!before.target().equals(after.target())) {
      aspects.add(Aspect.TARGET);
    }
    return aspects;
  }
}
