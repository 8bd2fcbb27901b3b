package io.strata.fs.difference;

import io.strata.fs.schema.Ino;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An inode about which something differs, as far as the difference of the trees tells. */
final class TouchedInode {
  final Ino ino;

  /** Whether its own record differs; only then the two below say anything. */
  boolean inode;

  byte @Nullable [] before;
  byte @Nullable [] after;

  /** Whether extents, attributes, or, of a directory, names in it differ. */
  boolean extents;

  boolean attributes;
  boolean entries;

  /** Names that it has in the later state only. */
  final List<NameChange> gained = new ArrayList<>(1);

  /** Names that it has in the earlier state only. */
  final List<NameChange> lost = new ArrayList<>(1);

  TouchedInode(Ino ino) {
    this.ino = ino;
  }
}
