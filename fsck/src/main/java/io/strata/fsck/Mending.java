package io.strata.fsck;

import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fsck.names.NameRepair;
import io.strata.fsck.space.ExtentRepair;
import io.strata.fsck.space.RecordRepair;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.VolumeView;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.util.Map;

/** Goes through a volume's entries and collects what must change. Confined to a thread. */
final class Mending {
  private final NameRepair names;
  private final ExtentRepair extents;
  private final RecordRepair records;
  private final Overlay fixes;
  private long ino;

  Mending(NameRepair names, ExtentRepair extents, RecordRepair records, Overlay fixes) {
    this.names = names;
    this.extents = extents;
    this.records = records;
    this.fixes = fixes;
  }

  /**
   * Collects the changes.
   *
   * @param head the number that the repaired head will have
   * @param settled segments that were stored since the bucket was listed
   * @return how many inodes and bytes there will be
   */
  TreeCounters run(VolumeView view, long head, Map<Nonce, SegmentIndex> settled)
      throws StoreException, InterruptedException {
    names.begin();
    view.scan(
        KeyRange.ALL,
        (key, value) -> {
          Mutation.Put entry;
          try {
            entry = Mutation.ofEntry(key, value);
          } catch (MalformedRecord e) {
            fixes.remove(key);
            return;
          }
          take(entry);
        });
    endInode();
    names.end();
    records.end(head, settled);
    return new TreeCounters(names.inodes(), extents.totalBytes(), 0, 0);
  }

  private void take(Mutation.Put entry) {
    records.take(entry);
    switch (entry) {
      case Mutation.InodePut put -> {
        begin(put.ino());
        names.inode(put);
      }
      case Mutation.XattrPut put -> {
        begin(put.ino());
        names.attribute(put);
      }
      case Mutation.DentryPut put -> {
        begin(put.parent());
        names.name(put);
      }
      case Mutation.ExtentPut put -> {
        begin(put.ino());
        names.extent(put.ino());
        if (names.isFile(put.ino().value())) {
          extents.take(put);
        } else {
          extents.drop(put);
        }
      }
      case Mutation.OrphanPut put -> {} // checked when all inodes are known
      case Mutation.SegmentPut put -> {}
      case Mutation.SegmentLivePut put -> {}
      case Mutation.PackPut put -> {}
      case Mutation.DeadPut put -> {}
    }
  }

  private void begin(Ino next) {
    if (next.value() != ino) {
      endInode();
      ino = next.value();
    }
  }

  private void endInode() {
    ExtentRepair.Sum sum = extents.endInode();
    names.endInode(sum.bytes(), sum.end());
  }
}
