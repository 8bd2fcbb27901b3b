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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private final Map<Nonce, Facts> packs = new TreeMap<>();
  private long pages;

  public PackCheck(Bucket bucket, VolumeId volume, Inventory inventory, Findings findings) {
    this.bucket = bucket;
    this.volume = volume;
    this.inventory = inventory;
    this.findings = findings;
  }

  private static final class Facts {
    @Nullable PackRecord record;
    final List<PageAddress> reached = new ArrayList<>(0);
  }

  /** Takes a page that the tree reaches. */
  public void page(PageAddress address) {
    facts(new Nonce(address.pack())).reached.add(address);
    pages++;
  }

  /** Takes an entry as of the head. */
  public void takeThen(Mutation.Put entry) {
    if (entry instanceof Mutation.PackPut(Nonce nonce, PackRecord record)) {
      facts(nonce).record = record;
    }
  }

  /** Whether the tree reaches a page of a pack. */
  boolean isReached(Nonce nonce) {
    Facts facts = packs.get(nonce);
    return facts != null && !facts.reached.isEmpty();
  }

  /** Whether anything refers to a pack. */
  boolean isKnown(Nonce nonce) {
    return packs.containsKey(nonce);
  }

  /** Pages that the tree reaches. */
  public long pages() {
    return pages;
  }

  private Facts facts(Nonce nonce) {
    return packs.computeIfAbsent(nonce, key -> new Facts());
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
    for (Map.Entry<Nonce, Facts> entry : packs.entrySet()) {
      Nonce nonce = entry.getKey();
      PackRecord record = entry.getValue().record;
      packBytes += record == null ? 0 : record.storedBytes();
      length(nonce, record);
      if (gaps.none()) {
        counts(nonce, entry.getValue());
      }
    }
    if (gaps.none()) {
      require(null, "pages of the tree", counters.pages(), pages);
      require(null, "bytes of packs", counters.packBytes(), packBytes);
    }
    Ahead.each(
        platform,
        packs.keySet().stream().filter(nonce -> inventory.packs().has(nonce.value())).iterator(),
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

  private void counts(Nonce nonce, Facts facts) {
    ObjectKey key = ObjectNames.pack(nonce);
    PackRecord record = facts.record;
    long found = facts.reached.size();
    long bytes = facts.reached.stream().mapToLong(PageAddress::length).sum();
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
          new HashSet<>(PackDirectory.open(volume, nonce, bucket.read(key, ByteRange.ALL)));
      for (PageAddress page : facts(nonce).reached) {
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
