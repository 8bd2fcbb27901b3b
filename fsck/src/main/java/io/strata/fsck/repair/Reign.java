package io.strata.fsck.repair;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.EarlierCommit;
import io.strata.checkpoint.Heads;
import io.strata.checkpoint.PackSizes;
import io.strata.checkpoint.PackWriter;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadGarbage;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.volume.Owners;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.history.HeadCheck;
import io.strata.platform.Platform;
import io.strata.replay.LogFence;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A repair's reign over a volume: taken like any owner's, by the head that begins the next epoch
 * and a fence at the end of the log before; ended by the repaired head.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The head that begins it says what its predecessor said. Whoever kills a repair before its
 *       last put leaves the volume as damaged as it was, and the next repair begins anew.
 *   <li>The predecessor is kept, by name, by the head that ends it.
 *   <li>Its epoch is later than any that a name in the bucket tells of, also where the newest heads
 *       are lost: no name that it gives can have been given before.
 * </ol>
 *
 * <p>Confined to a thread.
 */
public final class Reign {
  /** More entries than this are never on their way at once: a gap before more is a loss. */
  private static final int IN_FLIGHT_MAX = 64;

  private final VolumeId volume;
  private final Platform platform;
  private final OncePut once;
  private final Heads heads;
  private final StoredHead head;
  private long counter;

  private Reign(VolumeId volume, Platform platform, OncePut once, Heads heads, StoredHead head) {
    this.volume = volume;
    this.platform = platform;
    this.once = once;
    this.heads = heads;
    this.head = head;
  }

  /**
   * Refuses a volume whose owner lives, or may.
   *
   * @throws Held if so
   */
  public static void requireFree(Head newest, String location) throws Held {
    if (newest.state() == HeadState.CLOSED) {
      return;
    }
    String advice =
        switch (Owners.here().life(newest.owner())) {
          case ENDED -> "";
          case ALIVE -> "unmount it first";
          case UNKNOWN -> "if that machine is gone, use --take-over";
        };
    if (!advice.isEmpty()) {
      throw new Held(
          "%s is held by %s since %s: %s"
              .formatted(location, newest.owner().text(), newest.time(), advice));
    }
  }

  /**
   * Puts a descriptor where there is none.
   *
   * @param origin what the volume was cloned from; null for no clone
   * @return whether it is there now, and not another
   */
  public static boolean describe(
      ObjectStore store, VolumeId volume, @Nullable Neighbour origin, Platform platform)
      throws StoreException {
    return describe(
        store,
        new VolumeDescriptor(
            volume,
            platform.clock().now(),
            "",
            VolumeDescriptor.BLOCK_SIZE_BYTES,
            false,
            0,
            origin),
        platform);
  }

  /** The same, of which all is known. */
  public static boolean describe(
      ObjectStore store, VolumeDescriptor descriptor, Platform platform) throws StoreException {
    return VolumeObject.create(new OncePut(store, platform), descriptor) == OncePut.Outcome.STORED;
  }

  /**
   * Takes a volume.
   *
   * @param base the newest head that can be read; null if none can
   * @param older knows what the other heads say of themselves
   * @param after the latest epoch that anything else tells of
   * @throws Held if somebody else takes it at the same moment
   */
  public static Reign take(
      ObjectStore store,
      VolumeId volume,
      @Nullable StoredHead base,
      HeadCheck older,
      Inventory inventory,
      Epoch after,
      Platform platform)
      throws IOException {
    OncePut once = new OncePut(store, platform);
    Heads heads = new Heads(store, once, volume);
    long[] numbers = inventory.heads().sortedKeys();
    long number = (numbers.length == 0 ? 0 : numbers[numbers.length - 1]) + 1;
    Epoch latest = after.compareTo(inventory.epochMax()) > 0 ? after : inventory.epochMax();
    if (base != null && base.head().epoch().compareTo(latest) > 0) {
      latest = base.head().epoch();
    }
    Head first = first(number, latest.next(), base, older, platform);
    Reign reign = new Reign(volume, platform, once, heads, StoredHead.of(first));
    reign.commit(first, store.location());
    reign.fence(inventory);
    return reign;
  }

  private static Head first(
      long number, Epoch epoch, @Nullable StoredHead base, HeadCheck older, Platform platform) {
    Instant now = platform.clock().now();
    List<LogRange> earlier = new ArrayList<>();
    List<RetainedCheckpoint> retained = new ArrayList<>();
    List<NamedSnapshot> snapshots = new ArrayList<>();
    Head before = base == null ? null : base.head();
    if (base != null && before != null) {
      for (LogRange range : before.earlier()) {
        HeadReference named = older.corrected(range.head());
        earlier.add(new LogRange(range.epoch(), named, range.from(), range.end()));
      }
      long from = before.replayFrom().sequence();
      OptionalLong end =
          before.state() == HeadState.CLOSED ? OptionalLong.of(from) : OptionalLong.empty();
      HeadReference named = older.corrected(base.logHead());
      earlier.add(new LogRange(before.epoch(), named, from, end));
      before.retained().forEach(each -> retained.add(older.corrected(each)));
      for (NamedSnapshot each : before.snapshots()) {
        snapshots.add(
            new NamedSnapshot(
                each.name(), older.corrected(each.checkpoint()), each.keptFor()));
      }
      retained.add(before.asRetained());
    }
    return new Head(
        number,
        epoch,
        Owners.here().self(platform.random()),
        now,
        HeadState.OPEN,
        base != null && base.head().number() == number - 1 ? base.crc() : 0,
        null,
        before == null ? null : before.root(),
        before == null ? TreeCounters.ZERO : before.counters(),
        LogPosition.start(epoch),
        earlier,
        before == null ? ByteBuffer.allocate(0) : before.carry(),
        0,
        retained,
        snapshots,
        before == null ? new HeadGarbage(LogPosition.start(epoch), List.of()) : before.garbage(),
        before == null ? Lineage.NONE : before.lineage(),
        before == null ? List.of() : before.schedule());
  }

  /** Lets a former owner, should it live, run into something wherever it may put next. */
  private void fence(Inventory inventory) throws StoreException {
    for (LogRange range : head.head().earlier()) {
      if (range.end().isEmpty()) {
        Inventory.LogNames names = inventory.log(range.epoch());
        long gap = names.gapFrom(range.from());
        if (names.countFrom(gap) <= IN_FLIGHT_MAX) {
          fence(range, gap);
        }
        if (names.end() > gap) {
          fence(range, names.end());
        }
      }
    }
  }

  private void fence(LogRange range, long from) throws StoreException {
    long at = from;
    OncePut.Outcome outcome;
    do {
      LogPosition position = new LogPosition(range.epoch(), at++);
      outcome =
          LogFence.put(
              once,
              volume,
              new LogEntry.Fence(
                  position, range.head(), head.head().epoch(), head.head().owner().text()));
    } while (outcome == OncePut.Outcome.TAKEN);
  }

  /** The head that the reign began with. */
  public StoredHead head() {
    return head;
  }

  /** Its epoch. */
  public Epoch epoch() {
    return head.head().epoch();
  }

  /** The number that the repaired head will have. */
  public long nextNumber() {
    return head.head().number() + 1;
  }

  /** A name that nobody else has. */
  Nonce nextNonce() {
    return Nonce.of(epoch(), counter++);
  }

  /** For whoever puts segments. */
  OncePut once() {
    return once;
  }

  /** A writer for the repaired tree. */
  public PackWriter packs() {
    PackSizes sizes =
        new PackSizes(PackSizes.DEFAULT.packBytesMax() / 2, 2, PackSizes.DEFAULT.zstdLevel());
    return new PackWriter(once, volume, this::nextNonce, sizes, platform);
  }

  /**
   * Commits the repaired head, which nobody owns.
   *
   * @param carry what the head carries, encoded
   * @param ends where the logs of earlier epochs end, all of which are in the tree
   * @param undo what is to be kept by name; null if there is nothing
   * @return the head's number
   * @throws Held if the volume was taken meanwhile
   */
  public long end(
      @Nullable PageAddress root,
      TreeCounters counters,
      ByteBuffer carry,
      Map<Epoch, Long> ends,
      @Nullable NamedSnapshot undo,
      String location)
      throws IOException {
    Head before = head.head();
    List<LogRange> earlier = new ArrayList<>();
    for (LogRange range : before.earlier()) {
      long verdict = range.end().orElseGet(() -> ends.getOrDefault(range.epoch(), range.from()));
      earlier.add(range.replayedTo(Math.max(range.from(), verdict)));
    }
    List<RetainedCheckpoint> retained = new ArrayList<>(before.retained());
    retained.add(before.asRetained());
    List<NamedSnapshot> snapshots = new ArrayList<>(before.snapshots());
    if (undo != null && snapshots.stream().noneMatch(each -> each.name().equals(undo.name()))) {
      snapshots.add(undo);
    }
    Head repaired =
        new Head(
            nextNumber(),
            before.epoch(),
            before.owner(),
            platform.clock().now(),
            HeadState.CLOSED,
            head.crc(),
            head.reference(),
            root,
            counters,
            LogPosition.start(before.epoch()),
            earlier,
            carry,
            counter,
            retained,
            snapshots,
            before.garbage(),
            before.lineage(),
            before.schedule());
    commit(repaired, location);
    return repaired.number();
  }

  private void commit(Head next, String location) throws IOException {
    try {
      if (heads.commit(next) == OncePut.Outcome.STORED) {
        return;
      }
    } catch (EarlierCommit impossible) {
      throw new IllegalStateException("one head of each number is put", impossible);
    }
    throw new Held(
        location + " was taken by another process during the repair: look who has it, then again");
  }
}
