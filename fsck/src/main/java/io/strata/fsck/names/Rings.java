package io.strata.fsck.names;

import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.util.function.Consumer;

/**
 * Finds directories that hold each other in a ring and hang on nothing else. From every directory
 * the path upwards is followed until it meets the root, a directory that is settled, or itself;
 * each directory is followed once.
 *
 * <p>A path that ends at a directory without a name is no ring: that directory is a finding of
 * {@link Links}, or waits to be removed.
 */
final class Rings {
  private final InodeTable table;
  private final Consumer<Ring> told;

  Rings(InodeTable table, Consumer<Ring> told) {
    this.table = table;
    this.told = told;
  }

  /**
   * A ring.
   *
   * @param ino one of its directories
   * @param directories how many there are
   */
  record Ring(long ino, int directories) {}

  void find() {
    for (long slot = 0; slot < table.slots(); slot++) {
      if (isDirectory(slot) && !table.settled(slot)) {
        follow(slot);
      }
    }
  }

  private void follow(long start) {
    long at = start;
    while (goesOn(at)) {
      table.setOnPath(at, true);
      at = table.find(table.parent(at));
    }
    if (at >= 0 && table.onPath(at)) {
      ring(at);
    }
    for (long settled = start;
        settled >= 0 && table.onPath(settled);
        settled = table.find(table.parent(settled))) {
      table.setOnPath(settled, false);
      table.setSettled(settled);
    }
  }

  private boolean goesOn(long slot) {
    return slot >= 0
        && isDirectory(slot)
        && !table.settled(slot)
        && !table.onPath(slot)
        && table.names(slot) > 0
        && table.ino(slot) != Ino.ROOT.value();
  }

  private void ring(long start) {
    int count = 0;
    long at = start;
    do {
      count++;
      at = table.find(table.parent(at));
    } while (at != start);
    told.accept(new Ring(table.ino(start), count));
  }

  private boolean isDirectory(long slot) {
    return table.used(slot) && table.exists(slot) && table.type(slot) == FileType.DIRECTORY;
  }
}
