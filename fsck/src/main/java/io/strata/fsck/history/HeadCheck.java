package io.strata.fsck.history;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.platform.Platform;
import io.strata.replay.format.HeadReference;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks the heads: that each can be read, that each follows from the one before it (number,
 * checksum, epoch), and that the newest and those that it keeps agree about one another.
 */
public final class HeadCheck {
  private static final int AHEAD = 8;

  private final Bucket bucket;
  private final VolumeId volume;
  private final Inventory inventory;
  private final Findings findings;
  private final NavigableMap<Long, StoredHead> heads = new TreeMap<>();
  private final NavigableMap<Long, ObjectFinding> problems = new TreeMap<>();

  public HeadCheck(Bucket bucket, VolumeId volume, Inventory inventory, Findings findings) {
    this.bucket = bucket;
    this.volume = volume;
    this.inventory = inventory;
    this.findings = findings;
  }

  /** A head, or why it cannot be read. */
  private record Read(Optional<StoredHead> head, Optional<ObjectFinding> problem) {}

  /** Checks all heads and returns the newest that can be read; empty if none can. */
  public Optional<StoredHead> check(Platform platform) throws StoreException, InterruptedException {
    long[] numbers = inventory.heads().sortedKeys();
    Ahead.each(
        platform,
        Arrays.stream(numbers).boxed().iterator(),
        AHEAD,
        this::read,
        (number, read) -> {
          read.head().ifPresent(head -> heads.put(number, head));
          read.problem().ifPresent(problem -> problems.put(number, problem));
        });
    tell();
    if (heads.isEmpty()) {
      if (numbers.length == 0) {
        findings.add(new ObjectFinding.Missing(ObjectNames.head(1), "everything"));
      }
      return Optional.empty();
    }
    StoredHead newest = heads.lastEntry().getValue();
    long last = numbers[numbers.length - 1];
    if (newest.head().number() != last) {
      findings.add(new HistoryFinding.OlderHeadUsed(last, newest.head().number()));
    }
    Kin.join(bucket, volume, inventory, newest.head(), findings);
    chain();
    kept(newest.head());
    strays(newest.head());
    if (newest.head().state() == HeadState.OPEN) {
      findings.add(
          new HistoryFinding.StillOpen(newest.head().number(), newest.head().owner().text()));
    }
    return Optional.of(newest);
  }

  /** A checkpoint as its own head says it; as it is remembered, if that head cannot be read. */
  public RetainedCheckpoint corrected(RetainedCheckpoint remembered) {
    StoredHead head = heads.get(remembered.number());
    return head == null ? remembered : head.head().asRetained();
  }

  /** The reference to a head with the checksum that it has, if it can be read. */
  public HeadReference corrected(HeadReference named) {
    StoredHead head = heads.get(named.number());
    return head == null ? named : head.reference();
  }

  /** Tells of heads that cannot be read: behind a newer one that can, nothing needs them. */
  private void tell() {
    long newest = heads.isEmpty() ? 0 : heads.lastKey();
    problems.forEach(
        (number, problem) ->
            findings.add(
                number < newest
                    ? new ObjectFinding.Spare(problem.object(), problem.what())
                    : problem));
  }

  private Read read(long number) throws StoreException {
    ObjectKey key = ObjectNames.head(number);
    try {
      return new Read(
          Optional.of(HeadCodec.open(volume, number, bucket.read(key, ByteRange.ALL))),
          Optional.empty());
    } catch (StoreException.Corrupt e) {
      return problem(ObjectFinding.Damaged.of(key, e));
    } catch (StoreException.TooNew e) {
      return problem(new ObjectFinding.TooNew(key, String.valueOf(e.getMessage())));
    } catch (StoreException.Missing deletedSinceListed) {
      return new Read(Optional.empty(), Optional.empty());
    }
  }

  private static Read problem(ObjectFinding finding) {
    return new Read(Optional.empty(), Optional.of(finding));
  }

  private void chain() {
    StoredHead before = null;
    for (StoredHead stored : heads.values()) {
      Head head = stored.head();
      if (before != null) {
        if (head.epoch().compareTo(before.head().epoch()) < 0) {
          broken(head, "its epoch is %s, was %s".formatted(head.epoch(), before.head().epoch()));
        }
        if (head.number() == before.head().number() + 1 && head.predecessorCrc() != before.crc()) {
          broken(
              head,
              "it names a predecessor with checksum %08x, head %d has %08x"
                  .formatted(head.predecessorCrc(), before.head().number(), before.crc()));
        }
      }
      if (head.opened() != null) {
        reference(head, head.opened());
      }
      for (LogRange range : head.earlier()) {
        reference(head, range.head());
      }
      before = stored;
    }
  }

  /** A head that another names by number and checksum. */
  private void reference(Head from, HeadReference to) {
    StoredHead named = heads.get(to.number());
    if (named != null && named.crc() != to.crc()) {
      broken(from, "it names %s, which has %08x".formatted(to, named.crc()));
    }
  }

  private void broken(Head head, String problem) {
    boolean newest = head.number() == heads.lastKey();
    findings.add(new HistoryFinding.ChainBroken(head.number(), problem, newest));
  }

  private void kept(Head newest) {
    List<RetainedCheckpoint> kept = new ArrayList<>(newest.retained());
    newest.snapshots().stream().map(NamedSnapshot::checkpoint).forEach(kept::add);
    for (RetainedCheckpoint checkpoint : kept) {
      long number = checkpoint.number();
      StoredHead head = heads.get(number);
      if (head != null && !head.head().asRetained().equals(checkpoint)) {
        broken(newest, "it remembers head %d otherwise than that is".formatted(number));
      } else if (!inventory.heads().has(number)) {
        lost(number, ObjectNames.head(number));
      }
      PageAddress root = checkpoint.root();
      if (root != null && inventory.packs().get(root.pack(), -1) < root.offset() + root.length()) {
        lost(number, ObjectNames.pack(new Nonce(root.pack())));
      }
    }
  }

  private void lost(long number, ObjectKey object) {
    findings.add(new HistoryFinding.CheckpointLost(number, object));
  }

  private void strays(Head newest) {
    for (long number : inventory.heads().sortedKeys()) {
      if (number < newest.number()
          && !newest.kept().contains(number)
          && !newest.garbage().heads().contains(number)) {
        findings.add(
            new ObjectFinding.Unreferenced(
                ObjectNames.head(number), inventory.heads().get(number, 0)));
      }
    }
  }
}
