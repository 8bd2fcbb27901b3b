package io.strata.checkpoint;

import static io.strata.checkpoint.format.Samples.VOLUME;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.StoredHead;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An owner that does what an engine does with heads, as far as heads and garbage can tell: objects
 * are born and die, log entries are written, checkpoints are made, garbage is deleted, sometimes by
 * requests that fail. Confined to the test's thread.
 */
final class SimulatedOwner {
  static final Platform PLATFORM = SystemPlatform.create();
  static final Retention RETENTION = new Retention(3, Duration.ofHours(3));
  private static final Succession SUCCESSION = new Succession(RETENTION);

  private final VolumeModel volume;
  private final Random random;
  private final Heads heads;
  private final Garbage garbage;
  private final FaultStore deleting;
  private final Map<ObjectKey, Long> births = new TreeMap<>();
  private final List<Lifetime> dead = new ArrayList<>();
  private final Map<Epoch, Long> logEnds = new HashMap<>();
  private StoredHead head;
  private Collected gone;
  private LogPosition nextLog;
  private long nextNonce;

  private SimulatedOwner(VolumeModel volume, Random random, Head head) {
    this.volume = volume;
    this.random = random;
    OncePut once = new OncePut(volume.memory, PLATFORM);
    this.heads = new Heads(volume.memory, once, VOLUME);
    deleting =
        new FaultStore(
            volume.memory,
            request ->
                switch (random.nextInt(8)) {
                  case 0 -> Fault.FAIL_BEFORE;
                  case 1 -> Fault.FAIL_AFTER;
                  default -> Fault.PASS;
                });
    this.garbage = new Garbage(deleting, RETENTION);
    this.head = StoredHead.of(head);
    this.gone = Collected.nothing(head);
    this.nextLog = head.replayFrom();
  }

  /** Makes the volume and owns it. */
  static SimulatedOwner first(VolumeModel volume, Random random, Instant now) throws IOException {
    Head first = Succession.first(owner(random), now);
    SimulatedOwner maker = new SimulatedOwner(volume, random, first);
    if (maker.heads.commit(first) != OncePut.Outcome.STORED) {
      throw new IllegalStateException("the volume exists");
    }
    volume.committed(first, Set.of());
    return maker.succeed(now);
  }

  /** Another process that takes the volume over; this one does not notice. */
  SimulatedOwner succeed(Instant now) throws IOException {
    Head next = SUCCESSION.takeOver(head, owner(random), now, gone);
    SimulatedOwner successor = new SimulatedOwner(volume, random, next);
    successor.births.putAll(births);
    successor.dead.addAll(dead);
    if (successor.heads.commit(next) != OncePut.Outcome.STORED) {
      throw new IllegalStateException("the volume was not this owner's");
    }
    volume.committed(next, births.keySet());
    // Entries behind a gap, put by the old owner and never acknowledged.
    LogPosition end = nextLog;
    for (int i = random.nextInt(3); i > 0; i--) {
      volume.log(new LogPosition(end.epoch(), end.sequence() + i));
    }
    volume.fence(end);
    for (LogRange range : next.earlier()) {
      OptionalLong verdict = range.end();
      long known = range.epoch().equals(end.epoch()) ? end.sequence() : logEnd(range.epoch());
      successor.logEnds.put(range.epoch(), verdict.orElse(known));
    }
    return successor;
  }

  private long logEnd(Epoch epoch) {
    return logEnds.getOrDefault(epoch, 0L);
  }

  void work() {
    long next = head.head().number() + 1;
    for (int i = random.nextInt(4); i > 0; i--) {
      Nonce nonce = Nonce.of(head.head().epoch(), nextNonce++);
      births.put(volume.bear(nonce, random.nextBoolean()), next);
    }
    births
        .entrySet()
        .removeIf(
            entry -> {
              boolean dies = random.nextInt(5) == 0;
              if (dies) {
                dead.add(new Lifetime(entry.getKey(), entry.getValue(), next));
              }
              return dies;
            });
    for (int i = random.nextInt(4); i > 0; i--) {
      volume.log(nextLog);
      nextLog = nextLog.next();
    }
  }

  /** Makes a checkpoint; false if fenced. */
  boolean checkpoint(Instant now) throws IOException {
    return checkpoint(now, SnapshotChange.NONE);
  }

  /** Makes a checkpoint that has a name. */
  boolean snapshot(Instant now) throws IOException {
    return checkpoint(now, SnapshotChange.create("snapshot " + (head.head().number() + 1)));
  }

  /** Lets some snapshots go, all or each with a probability of a half. */
  boolean forgetSnapshots(Instant now, boolean all) throws IOException {
    Set<String> names = new HashSet<>();
    for (NamedSnapshot snapshot : head.head().snapshots()) {
      if (all || random.nextBoolean()) {
        names.add(snapshot.name());
      }
    }
    return checkpoint(now, SnapshotChange.delete(names));
  }

  private boolean checkpoint(Instant now, SnapshotChange change) throws IOException {
    Head before = head.head();
    TreeState tree = new TreeState(null, before.counters(), nextLog, before.carry(), nextNonce);
    Head next = SUCCESSION.checkpoint(head, tree, HeadState.OPEN, logEnds, change, now, gone);
    if (heads.commit(next) == OncePut.Outcome.TAKEN) {
      return false;
    }
    head = StoredHead.of(next);
    gone = Collected.nothing(next);
    volume.committed(next, births.keySet());
    return true;
  }

  /** Deletes what may go; requests may fail half-way. */
  void collectGarbage() {
    try {
      dead.removeAll(garbage.delete(dead, head.head()));
      gone = garbage.collect(head.head());
    } catch (StoreException.Unavailable e) {
      // Stays recorded, and is tried again after the next checkpoint.
      return;
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  /** Stores something that it dies before it can refer to, or a segment's stand-in. */
  void leaveBehind() {
    Nonce nonce = Nonce.of(head.head().epoch(), nextNonce++);
    boolean forEver = random.nextInt(4) == 0;
    ObjectKey key = volume.bear(nonce, !forEver && random.nextBoolean());
    if (forEver) {
      volume.keepForEver(key);
    }
  }

  /** Lists the bucket and deletes what was left behind, if its logs are replayed. */
  void collectLeftBehind(ObjectStore store) throws IOException {
    if (!head.head().earlier().stream().allMatch(LogRange::isReplayed)) {
      return;
    }
    Set<ObjectKey> known = new HashSet<>(births.keySet());
    dead.forEach(object -> known.add(object.key()));
    try {
      new Garbage(store, RETENTION)
          .deleteLeftBehind(volume.strays(known), head.head(), volume);
    } catch (StoreException.Unavailable e) {
      // Found again by the next.
      return;
    }
  }

  /** As {@link #collectLeftBehind}, with requests that may fail half-way. */
  void collectLeftBehind() throws IOException {
    collectLeftBehind(deleting);
  }

  /** Deletes with a store that works. */
  void collectAllGarbage() throws StoreException {
    Garbage reliable = new Garbage(volume.memory, RETENTION);
    dead.removeAll(reliable.delete(dead, head.head()));
    gone = reliable.collect(head.head());
    reliable.deleteStrayHeads(head.head(), heads.list());
  }

  Head head() {
    return head.head();
  }

  LogPosition nextLog() {
    return nextLog;
  }

  LogPosition firstLogKept() {
    return gone.logsFrom();
  }

  Set<ObjectKey> live() {
    return new HashSet<>(births.keySet());
  }

  private static Owner owner(Random random) {
    UUID token = new UUID(random.nextLong(), random.nextLong());
    return new Owner("host", "boot", 1, 1, token, "simulated");
  }
}
