package io.strata.fsck.space;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.PackDirectory;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.finding.TreeFinding;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.tree.Gaps;
import io.strata.platform.Platform;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks packs: that each is as long as recorded, whole, lists the pages that the tree reaches in
 * it, and has as many of them as recorded. Packs are read whole, a few at a time. Keeps an address
 * for every page of the tree.
 */
public final class PackCheck {
  private static final int AHEAD = 2;

  private final Bucket bucket;
  private final VolumeId volume;
  private final Inventory inventory;
  private final Findings findings;
  private final PackTable table;

  public PackCheck(
      Bucket bucket, VolumeId volume, Inventory inventory, Findings findings, Scratch scratch) {
    this.table = new PackTable(scratch);
    this.bucket = bucket;
    this.volume = volume;
    this.inventory = inventory;
    this.findings = findings;
  }

  /** Takes a page that the tree reaches. */
  public void page(PageAddress address) {
    table.page(address);
  }

  /** Takes an entry as of the head. */
  public void takeThen(Mutation.Put entry) {
    if (entry instanceof Mutation.PackPut(Nonce nonce, PackRecord record)) {
      table.record(nonce, record);
    }
  }

  /** Whether the tree reaches a page of a pack. */
  boolean isReached(Nonce nonce) {
    return table.reachedPages(nonce) > 0;
  }

  /** Whether anything refers to a pack. */
  boolean isKnown(Nonce nonce) {
    return table.isKnown(nonce);
  }

  /** All packs that something refers to, in order. */
  Iterator<Nonce> nonces() {
    return table.nonces();
  }

  /** What the tree says of a pack; null if nothing. */
  @Nullable PackRecord record(Nonce nonce) {
    return table.record(nonce);
  }

  /** Pages that the tree reaches. */
  public long pages() {
    return table.pages();
  }

  /**
   * Checks all packs when everything has been taken.
   *
   * @param gaps what of the tree could not be read
   * @param counters what the head says of the tree
   */
  public void end(Platform platform, Gaps gaps, TreeCounters counters)
      throws StoreException, InterruptedException {
    long packBytes = 0;
    List<Nonce> stored = new ArrayList<>();
    for (Iterator<Nonce> nonces = table.nonces(); nonces.hasNext(); ) {
      Nonce nonce = nonces.next();
      PackRecord record = table.record(nonce);
      packBytes += record == null ? 0 : record.storedBytes();
      length(nonce, record);
      if (gaps.none()) {
        counts(nonce, record);
      }
      if (inventory.packs().has(nonce.value())) {
        stored.add(nonce);
      }
    }
    if (gaps.none()) {
      require(null, "pages of the tree", counters.pages(), table.pages());
      require(null, "bytes of packs", counters.packBytes(), packBytes);
    }
    Ahead.each(
        platform,
        stored.iterator(),
        AHEAD,
        this::look,
        (nonce, finding) -> finding.ifPresent(findings::add));
  }

  private void length(Nonce nonce, @Nullable PackRecord record) {
    ObjectKey key = ObjectNames.pack(nonce);
    long length = inventory.packs().get(nonce.value(), -1);
    if (length < 0) {
      findings.add(new ObjectFinding.Missing(key, "the tree"));
    } else if (record != null && record.storedBytes() != length) {
      findings.add(new ObjectFinding.WrongLength(key, record.storedBytes(), length));
    }
  }

  private void counts(Nonce nonce, @Nullable PackRecord record) {
    ObjectKey key = ObjectNames.pack(nonce);
    long found = table.reachedPages(nonce);
    long bytes = table.reachedBytes(nonce);
    if (record == null) {
      require(key, "live pages of " + key + ", of which there is no record", 0, found);
    } else {
      require(key, "live pages of " + key, record.livePages(), found);
      require(key, "live bytes of " + key, record.liveBytes(), bytes);
    }
  }

  private void require(@Nullable ObjectKey object, String counter, long recorded, long found) {
    if (recorded != found) {
      findings.add(new TreeFinding.WrongCount(object, counter, recorded, found));
    }
  }

  private Optional<Finding> look(Nonce nonce) throws StoreException {
    ObjectKey key = ObjectNames.pack(nonce);
    try {
      Set<PageAddress> listed =
          new HashSet<>(
              PackDirectory.open(
                  bucket.maker(nonce, volume), nonce, bucket.read(key, ByteRange.ALL)));
      for (PageAddress page : table.reached(nonce)) {
        if (!listed.contains(page)) {
          return Optional.of(
              new TreeFinding.PageMisplaced(
                  key, page.toString(), "the pack's directory does not list it"));
        }
      }
      return Optional.empty();
    } catch (StoreException.Corrupt e) {
      return Optional.of(ObjectFinding.Damaged.of(key, e));
    } catch (StoreException.TooNew e) {
      return Optional.of(new ObjectFinding.TooNew(key, String.valueOf(e.getMessage())));
    } catch (StoreException.Missing e) {
      return Optional.of(new ObjectFinding.Missing(key, "the tree"));
    }
  }
}
