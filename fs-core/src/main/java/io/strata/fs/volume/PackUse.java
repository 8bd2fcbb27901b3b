package io.strata.fs.volume;

import io.strata.btree.PageAddress;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.fs.schema.TreeKeys;
import io.strata.store.Nonce;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out which packs of tree pages still hold something.
 *
 * <p>What a checkpoint writes cannot be recorded in the tree that it writes, so it is carried by the
 * checkpoint's head and reaches the tree with the next one.
 */
final class PackUse {
  private static final Logger LOG = LoggerFactory.getLogger(PackUse.class);

  private PackUse() {}

  /** Pages that left a pack. */
  private static final class Loss {
    private long pages;
    private long bytes;
  }

  /**
   * What the superseded pages of a checkpoint change in the records of their packs.
   *
   * @param head the number of the checkpoint's head
   */
  static List<Mutation> superseded(
      VolumeState state, Collection<PageAddress> superseded, long head) throws PageMissing {
    Map<Nonce, Loss> losses = new HashMap<>();
    for (PageAddress address : superseded) {
      Loss loss = losses.computeIfAbsent(new Nonce(address.pack()), nonce -> new Loss());
      loss.pages++;
      loss.bytes += address.length();
    }
    List<Mutation> changes = new ArrayList<>(losses.size());
    for (Map.Entry<Nonce, Loss> entry : losses.entrySet()) {
      Nonce nonce = entry.getKey();
      byte[] value = state.tree().get(TreeKeys.pack(nonce));
      PackRecord record = value == null ? null : decode(nonce, value);
      long pages = record == null ? -1 : record.livePages() - entry.getValue().pages;
      if (record == null || pages < 0) {
        LOG.error("pack {} is not recorded rightly in the tree; run strata fsck", nonce);
        continue;
      }
      if (pages == 0) {
        changes.add(new Mutation.PackDelete(nonce));
        changes.add(
            new Mutation.DeadPut(
                new DeadObject(
                    head,
                    DeadObject.Kind.PACK,
                    nonce,
                    record.birthHead(),
                    record.storedBytes())));
      } else {
        long bytes = record.liveBytes() - entry.getValue().bytes;
        changes.add(
            new Mutation.PackPut(
                nonce,
                new PackRecord(record.storedBytes(), pages, bytes, record.birthHead())));
      }
    }
    return changes;
  }

  /** Whether a carried mutation is about packs: nothing but the next checkpoint needs it. */
  static boolean isPackChange(Mutation mutation) {
    return switch (mutation) {
      case Mutation.PackPut put -> true;
      case Mutation.PackDelete delete -> true;
      case Mutation.DeadPut put -> put.object().kind() == DeadObject.Kind.PACK;
      case Mutation.DeadDelete delete -> true;
      case Mutation.Put other -> false;
      case Mutation.Delete other -> false;
    };
  }

  private static PackRecord decode(Nonce nonce, byte[] value) {
    try {
      return PackRecord.decode(value);
    } catch (MalformedRecord e) {
      throw new IllegalStateException("the record of pack " + nonce + " is malformed", e);
    }
  }
}
