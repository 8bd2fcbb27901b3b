package io.strata.fsck.repair;

import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.TouchedFiles;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Names what is lost where a log is cut: the inodes that entries behind the cut would change. */
public final class LostEntries {
  /** Entries of a log that are looked at. */
  private static final int ENTRIES_MAX = 1000;

  private final Bucket bucket;
  private final VolumeId volume;
  private final TouchedFiles touched;

  public LostEntries(Bucket bucket, VolumeId volume, TouchedFiles touched) {
    this.bucket = bucket;
    this.volume = volume;
    this.touched = touched;
  }

  /**
   * Names them.
   *
   * @param cuts where logs are cut
   * @return what is said of each log, in a sentence
   */
  public List<String> name(Map<Epoch, Long> cuts, Inventory inventory) throws StoreException {
    List<String> said = new ArrayList<>();
    for (Map.Entry<Epoch, Long> cut : cuts.entrySet()) {
      LogPosition first = new LogPosition(cut.getKey(), cut.getValue());
      int behind = inventory.log(first.epoch()).countFrom(first.sequence());
      if (behind > 0) {
        said.add(
            "the log is cut before %s: %d objects from there on do not count"
                .formatted(first.key(), behind));
        long[] all = inventory.log(first.epoch()).toArray();
        int end = Math.min(all.length, all.length - behind + ENTRIES_MAX);
        for (int i = all.length - behind; i < end; i++) {
          entry(new LogPosition(first.epoch(), all[i]));
        }
      }
    }
    return said;
  }

  private void entry(LogPosition position) throws StoreException {
    Set<Long> changed = new TreeSet<>();
    try {
      if (EntryCodec.open(volume, position, bucket.read(position.key(), ByteRange.ALL))
          instanceof LogEntry.Groups groups) {
        for (byte[] group : groups.groups()) {
          for (Mutation mutation : MutationCodec.decode(group)) {
            ino(mutation.key(), changed);
          }
        }
      }
    } catch (StoreException.Corrupt
        | StoreException.TooNew
        | StoreException.Missing
        | MalformedRecord unreadable) {
      return; // that it is damaged is a finding; what it said nobody knows
    }
    for (long ino : changed) {
      touched.add(ino, "loses what log entry " + position.key() + " changes of it");
    }
  }

  private static void ino(byte[] key, Set<Long> changed) throws MalformedRecord {
    switch (TreeKeys.decode(key)) {
      case TreeKey.OfInode of -> changed.add(of.ino().value());
      case TreeKey.OfXattr of -> changed.add(of.ino().value());
      case TreeKey.OfDentry of -> changed.add(of.parent().value());
      case TreeKey.OfExtent of -> changed.add(of.ino().value());
      case TreeKey.OfOrphan of -> changed.add(of.ino().value());
      case TreeKey.OfSegment of -> {}
      case TreeKey.OfSegmentLive of -> {}
      case TreeKey.OfPack of -> {}
      case TreeKey.Dead of -> {}
    }
  }
}
