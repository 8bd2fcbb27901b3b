package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.Mutation;
import io.strata.platform.Platform;
import io.strata.replay.EntryVisitor;
import io.strata.replay.LogEnd;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.segment.BlockReader;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A volume as a follower sees it: the tree of a head, and the log groups since, as far as they have
 * been read.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>What it shows is the tree of the head and the groups before {@link #cursor}: a prefix of the
 *       volume's history. Groups are applied one by one, in order, each under the exclusive lock.
 *   <li>An entry is applied when it counts, and then always will: all before it do, and the segments
 *       that it depends on are stored. A segment that is not there may come yet, and nothing is put
 *       in its place: whoever follows writes nothing.
 *   <li>Whatever an extent refers to is in {@link #inline}, or stored and recorded in the tree.
 * </ul>
 *
 * <p>Read by any thread; read on by one at a time.
 */
final class FollowedTree {
  private final Opening.Followed volume;
  private final StoredHead base;
  private final VolumeLimits limits;
  private final TreeAccess access;
  private final DataReader reader;
  private final StoredSegments segments;
  private final PagesAhead pages;
  private final InlineRuns inline = new InlineRuns();

  /** Lengths of segments that were found stored since the base; their records are in the tree. */
  private final Map<Nonce, Long> found = new HashMap<>();

  private volatile LogCursor cursor;
  private final AtomicLong groups = new AtomicLong();

  /** What the last entry that was not taken is short of; empty for nothing. */
  private volatile String waiting = "";

  /** Where reading stopped. */
  enum Stop {
    /** Before something that is still to come. */
    AWAITS_MORE,
    /** Where a log ends, and nobody is known who goes on. */
    AWAITS_OWNER
  }

  private enum Verdict {
    COUNTS,
    NOT_YET,
    DEAD
  }

  private FollowedTree(
      Opening.Followed volume,
      StoredHead base,
      VolumeLimits limits,
      TreeAccess access,
      BlockReader blocks,
      Platform platform) {
    this.volume = volume;
    this.base = base;
    this.limits = limits;
    this.access = access;
    this.reader = new DataReader(access, inline, blocks, platform);
    this.segments = new StoredSegments(volume.store(), volume.volume().id(), platform);
    this.pages = new PagesAhead(access, platform);
    this.cursor = LogCursor.begin(base);
  }

  /**
   * The tree of a head, with nothing of the log yet.
   *
   * @param before what was shown until now; what it has of the tree in memory is not read again
   */
  static FollowedTree open(
      Opening.Followed volume,
      StoredHead base,
      VolumeLimits limits,
      @Nullable FollowedTree before,
      BlockReader blocks,
      Platform platform)
      throws IOException {
    PageAddress root = base.head().root();
    BTree tree =
        before == null || root == null
            ? Opening.tree(volume.store(), root, limits)
            : before.access.exclusively(() -> before.access.state().tree().reopen(root));
    TreeAccess access = 
        TreeAccess.of(tree, base.head(), volume.volume(), limits, volume.waits());
    FollowedTree opened = new FollowedTree(volume, base, limits, access, blocks, platform);
    List<Mutation> carried = new ArrayList<>(Recovery.carried(base.head()));
    // Nobody who only reads asks which packs hold something.
    carried.removeIf(PackUse::isPackChange);
    opened.apply(carried);
    return opened;
  }

  StoredHead base() {
    return base;
  }

  TreeAccess access() {
    return access;
  }

  DataReader reader() {
    return reader;
  }

  LogCursor cursor() {
    return cursor;
  }

  /** Groups applied since the base. */
  long groups() {
    return groups.get();
  }

  String waiting() {
    return waiting;
  }

  long inlineBytes() {
    return inline.bytes();
  }

  /** Whether so much has changed since the base that memory wants a newer one. */
  boolean isHeavy() {
    return access.state().tree().dirtyBytes() > limits.dirtyPageBytesMax() / 2
        || inline.bytes() > inlineBytesMax() / 2;
  }

  private long inlineBytesMax() {
    return limits.logTailBytesMax();
  }

  /**
   * Applies all of the logs that there is.
   *
   * @param newest the newest head that is known; replay from it begins at or before this place
   * @throws IOException if the store fails, or the log is damaged; what was applied stays
   */
  Stop readOn(StoredHead newest) throws IOException {
    waiting = "";
    cursor = cursor.knowing(newest);
    while (true) {
      if (cursor.atEnd()) {
        var next = cursor.successor(newest);
        if (next.isEmpty()) {
          return Stop.AWAITS_OWNER;
        }
        cursor = next.get();
      }
      LogCursor from = cursor;
      LogEnd end =
          volume.logs().readTail(from.position(), from.end(), from.head(), new Taking(newest));
      switch (end) {
        case LogEnd.Damaged damaged -> throw damaged.cause();
        case LogEnd.Fenced fenced -> cursor = cursor.ending();
        case LogEnd.Open open -> {
          if (!wasClosed(newest)) {
            return Stop.AWAITS_MORE;
          }
        }
        case LogEnd.Stopped stopped -> {
          if (!cursor.atEnd()) {
            return Stop.AWAITS_MORE;
          }
        }
      }
    }
  }

  /**
   * Whether the log ends here because its owner has closed the volume, which puts no fence. Somebody
   * has taken the volume since then, or it would be for {@code newest} to say.
   */
  private boolean wasClosed(StoredHead newest) throws StoreException {
    var next = cursor.successor(newest);
    if (next.isEmpty()) {
      return false;
    }
    try {
      cursor = cursor.knowing(volume.heads().read(next.get().head().number() - 1));
    } catch (StoreException.Missing e) {
      // So old a head is not kept; the log behind it leads nowhere, and a newer head will.
      return false;
    }
    return cursor.atEnd();
  }

  private final class Taking implements EntryVisitor {
    private final StoredHead newest;

    Taking(StoredHead newest) {
      this.newest = newest;
    }

    /**
     * What follows belongs to another tree, which a newer head leads to; unless that head never came
     * to be, and a newer one still needs the log from before this.
     */
    @Override
    public boolean turned(LogEntry.Turn entry) {
      Head newer = newest.head();
      boolean made =
          newer.number() < entry.number() || newer.firstLog().compareTo(entry.position()) > 0;
      if (made) {
        waiting = "head %d, behind which log %s goes on".formatted(entry.number(), entry.position());
        return false;
      }
      cursor = cursor.after(entry);
      return true;
    }

    @Override
    public boolean visit(LogEntry.Groups entry) throws IOException {
      return take(entry);
    }

    @Override
    public void renewed(LogEntry.Renewal entry) {
      cursor = cursor.after(entry);
    }
  }

  private boolean take(LogEntry.Groups entry) throws IOException {
    cursor.requireNext(entry);
    List<SegmentIndex> news = new ArrayList<>();
    switch (judge(entry, news)) {
      case COUNTS -> {}
      case NOT_YET -> {
        return false;
      }
      case DEAD -> {
        cursor = cursor.ending();
        return false;
      }
    }
    if (!makeRoom(entry)) {
      return false;
    }
    note(news);
    entry.inline().forEach(this::keep);
    List<List<Mutation>> changes = new ArrayList<>(entry.groups().size());
    for (byte[] group : entry.groups()) {
      changes.add(Recovery.decode(group, "log " + entry.position()));
    }
    pages.load(changes.stream().flatMap(List::stream).toList());
    for (int i = cursor.groupsTaken(); i < changes.size(); i++) {
      apply(changes.get(i));
      groups.incrementAndGet();
      cursor = cursor.taken(i + 1);
    }
    cursor = cursor.after(entry);
    return true;
  }

  /**
   * Whether an entry counts.
   *
   * @param news where those segments go that were found for it
   */
  private Verdict judge(LogEntry.Groups entry, List<SegmentIndex> news) throws IOException {
    Set<Nonce> wanted = new LinkedHashSet<>();
    entry.dependencies().forEach(dependency -> wanted.add(dependency.nonce()));
    wanted.removeAll(found.keySet());
    Map<Nonce, SegmentIndex> there = segments.find(wanted);
    for (Dependency dependency : entry.dependencies()) {
      SegmentIndex index = there.get(dependency.nonce());
      Long length =
          index == null ? found.get(dependency.nonce()) : Long.valueOf(index.logicalLength());
      if (length == null) {
        waiting =
            "segment %s, which log %s needs".formatted(dependency.nonce(), entry.position());
        return Verdict.NOT_YET;
      }
      if (length < dependency.logicalLength()) {
        // Somebody who recovers has settled that it never comes.
        return Verdict.DEAD;
      }
    }
    news.addAll(there.values());
    return Verdict.COUNTS;
  }

  /** Whether there is memory for what an entry brings, after some was made free if need be. */
  private boolean makeRoom(LogEntry.Groups entry) throws IOException {
    if (access.state().tree().dirtyBytes() > limits.dirtyPageBytesMax()) {
      waiting = "a newer head than " + base.head().number() + ": no memory for more pages";
      return false;
    }
    long more = 0;
    for (InlineRun run : entry.inline()) {
      more += InlineRuns.cost(run.bytes().remaining());
    }
    if (inline.bytes() > 0 && inline.bytes() + more > inlineBytesMax()) {
      note(segments.find(List.copyOf(inline.nonces())).values());
    }
    if (inline.bytes() > 0 && inline.bytes() + more > inlineBytesMax()) {
      waiting = "segments to be stored: no memory for more file data of the log";
      return false;
    }
    return true;
  }

  /** Notes that segments are stored: their bytes are read there from now on. */
  private void note(Collection<SegmentIndex> stored) throws IOException {
    List<Mutation> records = new ArrayList<>(stored.size());
    for (SegmentIndex index : stored) {
      // Of when it was born only those must know who delete.
      records.add(Checkpointer.record(index, SegmentUse.IMMORTAL_BIRTH_HEAD));
    }
    apply(records);
    for (SegmentIndex index : stored) {
      found.put(index.nonce(), index.logicalLength());
      inline.drop(index.nonce());
    }
  }

  private void keep(InlineRun run) {
    if (!found.containsKey(run.nonce())) {
      inline.add(run);
    }
  }

  private void apply(List<Mutation> mutations) throws IOException {
    access.update(
        () -> {
          VolumeState state = access.state();
          state.change(mutations);
          state.clearLiveChanges();
        });
  }
}
