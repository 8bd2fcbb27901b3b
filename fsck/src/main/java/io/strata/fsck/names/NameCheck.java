package io.strata.fsck.names;

import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Mutation;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.NameFinding;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.tree.Gaps;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.VolumeView;
import io.strata.store.Epoch;
import io.strata.store.StoreException;
import java.util.Collection;
import java.util.Map;

/**
 * All checks of inodes and names, fed with a volume's entries in the order of the tree.
 *
 * <p>Confined to a thread.
 */
public final class NameCheck {
  private final Findings findings;
  private final InodeTable table;
  private final InodeCheck own;
  private final Links links;

  private long inodes;
  private long directories;
  private long bytes;

  /**
   * @param gaps what could not be read; filled while entries come
   * @param newest the newest head's epoch
   */
  public NameCheck(Findings findings, Gaps gaps, Epoch newest, Scratch scratch) {
    this.findings = findings;
    this.table = new InodeTable(scratch);
    this.own = new InodeCheck(findings, gaps, newest);
    this.links = new Links(findings, gaps, table);
  }

  /** Takes the next entry; those of no inode are ignored. */
  public void take(Mutation.Put entry) {
    switch (entry) {
      case Mutation.InodePut put -> {
        inodes++;
        directories += put.inode().type() == FileType.DIRECTORY ? 1 : 0;
        own.inode(put);
        links.inode(put.ino().value(), put.inode());
      }
      case Mutation.XattrPut put -> own.attribute(put);
      case Mutation.DentryPut put -> {
        own.name(put);
        long holder = put.parent().value();
        links.name(holder, put.entry());
        switch (own.holder()) {
          case DIRECTORY -> {}
          case NONE_OR_REMOVED -> links.entryOf(holder);
          case OTHER -> links.strayName(holder, put.entry());
        }
      }
      case Mutation.ExtentPut put -> {
        bytes += put.extent().length();
        own.extent(put);
        if (own.holder() == InodeCheck.Holder.NONE_OR_REMOVED) {
          links.extentOf(put.ino().value());
        }
      }
      case Mutation.OrphanPut put -> links.mark(put.ino().value());
      case Mutation.SegmentPut put -> {}
      case Mutation.SegmentLivePut put -> {}
      case Mutation.PackPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  /** Ends the entries and checks what needed all of them. */
  public void end() {
    own.end();
    links.end();
    new Rings(
            table,
            ring ->
                findings.add(ring.ino(), file -> new NameFinding.Ring(file, ring.directories())))
        .find();
  }

  /**
   * What mends what this has found, when all entries have been taken.
   *
   * @param fixes takes the changes
   */
  public NameRepair repair(NameRepair.Place place, Overlay fixes, Scratch scratch) {
    return new NameRepair(table, place, fixes, scratch);
  }

  /** Paths of inodes that were met; those without one are left out. */
  public Map<Long, String> paths(Collection<Long> inos, VolumeView view)
      throws StoreException, InterruptedException {
    return new Paths(table, view).of(inos);
  }

  /** Inodes that were met. */
  public long inodes() {
    return inodes;
  }

  /** Directories among them. */
  public long directories() {
    return directories;
  }

  /** Bytes in extents. */
  public long bytes() {
    return bytes;
  }
}
