package io.strata.fsck.history;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.finding.HistoryFinding;
import io.strata.fsck.finding.ObjectFinding;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.space.InlineBytes;
import io.strata.fsck.tree.Overlay;
import io.strata.platform.Platform;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logs behind a head in memory, by the rule of the format: an entry counts if all entries
 * before it in its log do and the segments that it names are there, as long as it says. What ends a
 * log is judged by what the head knows: before a recorded end every entry must count; without one,
 * a gap with a few objects behind it is what a crash leaves, and one with more is a loss.
 *
 * <p>Nothing is put to settle which entries count, as a new owner would: beside a running owner the
 * result is a state that was, or soon will be.
 */
public final class LogReplay {
  /** More entries than this are never under way at once. */
  private static final int IN_FLIGHT_MAX = 64;

  /** Entries of several MiB each, ahead of their use: as many as the heap has room for. */
  private static final int AHEAD = Math.clamp(Runtime.getRuntime().maxMemory() / (32L << 20), 1, 4);

  private final Bucket bucket;
  private final VolumeId volume;
  private final Inventory inventory;
  private final Footers footers;
  private final Findings findings;
  private final Overlay changes;
  private final InlineBytes inline = new InlineBytes();
  private final Map<Dependency, Boolean> found = new HashMap<>();
  private final Set<LogPosition> read = new HashSet<>();
  private final Map<Epoch, Long> ends = new HashMap<>();
  private final Map<Epoch, Long> cuts = new TreeMap<>();
  private final Set<Nonce> named = new HashSet<>();
  private final Set<Nonce> decisive = new HashSet<>();
  private long entries;
  private long groups;

  public LogReplay(
      Bucket bucket,
      VolumeId volume,
      Inventory inventory,
      Footers footers,
      Findings findings,
      Scratch scratch) {
    this.changes = new Overlay(scratch);
    this.bucket = bucket;
    this.volume = volume;
    this.inventory = inventory;
    this.footers = footers;
    this.findings = findings;
  }

  /** A part of a log that is to be replayed. */
  private record Part(Epoch epoch, @Nullable HeadReference head, long from, OptionalLong end) {
    ObjectKey key(long sequence) {
      return ObjectNames.log(epoch, sequence);
    }
  }

  /** An object of the log, or why it cannot be used. */
  private record Read(Optional<LogEntry.Stored> entry, Optional<ObjectFinding> problem) {}

  /** Replays everything behind a head. */
  public void replay(StoredHead newest, Platform platform)
      throws StoreException, InterruptedException {
    Head head = newest.head();
    boolean whole = true;
    for (LogRange range : head.earlier()) {
      if (whole && !range.isReplayed()) {
        Part part = new Part(range.epoch(), range.head(), range.from(), range.end());
        whole = replay(part, platform);
      } else if (!range.isReplayed()) {
        ends.put(range.epoch(), range.from());
        cuts.put(range.epoch(), range.from());
      }
    }
    if (whole && head.state() == HeadState.OPEN) {
      LogPosition from = head.replayFrom();
      replay(
          new Part(from.epoch(), newest.logHead(), from.sequence(), OptionalLong.empty()),
          platform);
    }
  }

  /**
   * Replays what lies between an older head and a newer one, as far as it is still there.
   *
   * @param openings the heads that epochs began with, by epoch
   * @return whether all of it was there, so that the older head's tree with these changes is what
   *     the newer head's tree must be
   */
  public boolean replayBetween(
      StoredHead older, Head newer, NavigableMap<Epoch, HeadReference> openings, Platform platform)
      throws StoreException, InterruptedException {
    Head head = older.head();
    List<Part> parts = new ArrayList<>();
    for (LogRange range : head.earlier()) {
      if (!range.isReplayed()) {
        parts.add(new Part(range.epoch(), range.head(), range.from(), range.end()));
      }
    }
    if (head.state() == HeadState.OPEN) {
      LogPosition from = head.replayFrom();
      parts.add(new Part(from.epoch(), older.logHead(), from.sequence(), end(newer, from.epoch())));
    }
    if (head.epoch().compareTo(newer.epoch()) < 0) {
      openings
          .subMap(head.epoch(), false, newer.epoch(), true)
          .forEach((epoch, opening) -> parts.add(new Part(epoch, opening, 0, end(newer, epoch))));
    }
    for (Part part : parts) {
      boolean whole = replay(part, platform);
      long reached = ends.getOrDefault(part.epoch(), part.from());
      boolean all =
          part.end().isPresent()
              ? reached == part.end().getAsLong()
              : inventory.log(part.epoch()).has(reached); // the fence
      if (!whole || !all) {
        return false;
      }
    }
    return true;
  }

  /** Where a newer head begins to replay a log itself. */
  private static OptionalLong end(Head newer, Epoch epoch) {
    if (newer.epoch().equals(epoch)) {
      return OptionalLong.of(newer.replayFrom().sequence());
    }
    for (LogRange range : newer.earlier()) {
      if (range.epoch().equals(epoch)) {
        return OptionalLong.of(range.from());
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Replays every log that is there, from its first object on, whatever head it belongs to: what is
   * left to do when there is no head.
   */
  public void replayAll(Platform platform) throws StoreException, InterruptedException {
    for (var each : inventory.logs().entrySet()) {
      long first = each.getValue().toArray()[0];
      Part part = new Part(each.getKey(), null, first, OptionalLong.empty());
      replay(part, platform);
    }
  }

  /** Where each log ends that was replayed. */
  public Map<Epoch, Long> ends() {
    return ends;
  }

  /** Whether who replays the log reads a segment's footer. */
  public boolean needs(Nonce nonce) {
    return inline.anyOf(nonce) || named.contains(nonce);
  }

  /** Epochs whose logs are cut by damage, with the sequences before which they are. */
  public Map<Epoch, Long> cuts() {
    return cuts;
  }

  /** Segments whose absence ends a log. */
  public Set<Nonce> decisive() {
    return decisive;
  }

  /** What the log changes. */
  public Overlay changes() {
    return changes;
  }

  /** Bytes of segments that the log holds. */
  public InlineBytes inline() {
    return inline;
  }

  /** Whether the object at a position was read, whatever came of it. */
  public boolean hasRead(LogPosition position) {
    return read.contains(position);
  }

  /** Log entries that count. */
  public long entries() {
    return entries;
  }

  /** Groups of mutations in them. */
  public long groups() {
    return groups;
  }

  /** Replays a part of a log; false if damage forbids to go on with later logs. */
  private boolean replay(Part part, Platform platform) throws StoreException, InterruptedException {
    Inventory.LogNames names = inventory.log(part.epoch());
    long stop = part.end().orElse(Long.MAX_VALUE);
    long end = part.from();
    while (end < stop && names.has(end)) {
      end++;
    }
    Run run = new Run(part, names);
    Ahead.each(
        platform,
        LongStream.range(part.from(), end).iterator(),
        AHEAD,
        sequence ->
            run.over() ? new Read(Optional.empty(), Optional.empty()) : read(part, sequence),
        run::take);
    if (!run.over() && end < stop) {
      run.gap(end);
    }
    ends.put(part.epoch(), run.next());
    if (run.damaged()) {
      cuts.put(part.epoch(), run.next());
    }
    return !run.damaged();
  }

  private Read read(Part part, long sequence) throws StoreException {
    LogPosition position = new LogPosition(part.epoch(), sequence);
    ObjectKey key = position.key();
    try {
      return new Read(
          Optional.of(EntryCodec.open(volume, position, bucket.read(key, ByteRange.ALL))),
          Optional.empty());
    } catch (StoreException.Corrupt e) {
      return new Read(Optional.empty(), Optional.of(ObjectFinding.Damaged.of(key, e)));
    } catch (StoreException.TooNew e) {
      return new Read(
          Optional.empty(),
          Optional.of(new ObjectFinding.TooNew(key, String.valueOf(e.getMessage()))));
    } catch (StoreException.Missing e) {
      return new Read(
          Optional.empty(), Optional.of(new ObjectFinding.Missing(key, "the replay of the log")));
    }
  }

  /** The replay of one part. */
  private final class Run {
    private final Part part;
    private final Inventory.LogNames names;
    private volatile boolean over;
    private boolean damaged;
    private long nextGroup = -1;
    private long next;

    Run(Part part, Inventory.LogNames names) {
      this.part = part;
      this.names = names;
      this.next = part.from();
    }

    /** The first entry that does not count. */
    long next() {
      return next;
    }

    boolean over() {
      return over;
    }

    boolean damaged() {
      return damaged;
    }

    void take(long sequence, Read object) throws StoreException {
      if (over) {
        return;
      }
      read.add(new LogPosition(part.epoch(), sequence));
      if (object.problem().isPresent()) {
        fail(object.problem().get());
        return;
      }
      LogEntry.Stored entry = object.entry().orElseThrow();
      if (part.head() != null && !entry.head().equals(part.head())) {
        unfit(sequence, "it belongs to %s, not %s".formatted(entry.head(), part.head()));
        return;
      }
      switch (entry) {
        case LogEntry.Fence fence -> {
          over = true;
          if (part.end().isPresent()) {
            lost(sequence, "a fence of epoch %s is in its place".formatted(fence.by()));
          }
        }
        case LogEntry.Renewal renewal -> {
          if (inOrder(sequence, renewal.firstGroup())) {
            nextGroup = renewal.firstGroup();
            next = sequence + 1;
            entries++;
          }
        }
        case LogEntry.Turn turn -> {
          // Behind the newest head it says of a head that never was.
          if (inOrder(sequence, turn.firstGroup())) {
            nextGroup = turn.firstGroup();
            entries++;
          }
        }
        case LogEntry.Groups groupsHere -> take(sequence, groupsHere);
      }
    }

    private void take(long sequence, LogEntry.Groups entry) throws StoreException {
      if (!inOrder(sequence, entry.firstGroup())) {
        return;
      }
      for (Dependency dependency : entry.dependencies()) {
        if (!found.containsKey(dependency)) {
          found.put(dependency, isThere(dependency));
          named.add(dependency.nonce());
        }
        if (!Boolean.TRUE.equals(found.get(dependency))) {
          end(sequence, dependency);
          return;
        }
      }
      for (InlineRun run : entry.inline()) {
        inline.add(entry.position(), run.nonce(), run.logicalOffset(), run.logicalEnd());
      }
      for (int i = 0; i < entry.groups().size(); i++) {
        List<Mutation> group = decode(sequence, i, entry.groups().get(i));
        if (group == null) {
          return;
        }
        changes.apply(group);
      }
      nextGroup = entry.nextGroup();
      next = sequence + 1;
      entries++;
      groups += entry.groups().size();
    }

    private boolean inOrder(long sequence, long firstGroup) {
      if (nextGroup < 0 || firstGroup == nextGroup) {
        return true;
      }
      unfit(sequence, "its first group has number %d, not %d".formatted(firstGroup, nextGroup));
      return false;
    }

    private @Nullable List<Mutation> decode(long sequence, int number, byte[] group) {
      try {
        return MutationCodec.decode(group);
      } catch (MalformedRecord e) {
        unfit(sequence, "its group %d: %s".formatted(number, e.getMessage()));
        return null;
      }
    }

    /** The log has no object at {@code sequence}. */
    void gap(long sequence) {
      over = true;
      int behind = names.countFrom(sequence);
      if (part.end().isPresent() || behind > IN_FLIGHT_MAX) {
        lost(sequence, "it is missing, and %d entries are behind it".formatted(behind));
      } else if (behind > 0) {
        tail(sequence, "it is missing", behind);
      }
    }

    /** An entry names a segment that is not there. */
    private void end(long sequence, Dependency dependency) {
      over = true;
      decisive.add(dependency.nonce());
      String reason =
          "it needs %s with %d bytes"
              .formatted(ObjectNames.segment(dependency.nonce()), dependency.logicalLength());
      int behind = names.countFrom(sequence);
      if (part.end().isPresent() || behind > IN_FLIGHT_MAX) {
        lost(sequence, reason);
      } else {
        tail(sequence, reason, behind);
      }
    }

    private void tail(long sequence, String reason, int objects) {
      findings.add(new HistoryFinding.Tail(part.key(sequence), reason, objects));
    }

    private void lost(long sequence, String problem) {
      damaged = true;
      findings.add(new HistoryFinding.EntryLost(part.key(sequence), problem));
    }

    private void unfit(long sequence, String problem) {
      over = true;
      damaged = true;
      findings.add(new HistoryFinding.EntryUnfit(part.key(sequence), problem));
    }

    private void fail(ObjectFinding problem) {
      over = true;
      damaged = true;
      findings.add(problem);
    }
  }

  private boolean isThere(Dependency dependency) throws StoreException {
    if (!inventory.segments().has(dependency.nonce().value())) {
      return false;
    }
    try {
      long length = footers.read(dependency.nonce()).index().logicalLength();
      return length >= dependency.logicalLength();
    } catch (StoreException.Missing e) {
      return false;
    } catch (StoreException.Corrupt | StoreException.TooNew e) {
      return true; // it is there, and the check of segments will say in what state
    }
  }
}
