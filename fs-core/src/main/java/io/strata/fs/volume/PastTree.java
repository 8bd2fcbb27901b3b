package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.schema.TreeKeys;
import io.strata.platform.Platform;
import io.strata.replay.EntryVisitor;
import io.strata.replay.LogEnd;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a kept head, and as much of the logs behind it as somebody wants.
 *
 * <p>What is behind an entry that is known to count, counts, whether its segments are still there or
 * not: those that were replaced before the next checkpoint may be gone. No record is made of them,
 * and nothing put in their place, so that who reads their bytes is told. Confined to one thread.
 */
final class PastTree {
  private final Opening.Followed volume;
  private final TreeAccess access;
  private final StoredSegments segments;
  private final PagesAhead pages;
  private final InlineRuns inline = new InlineRuns();
  private final Set<Nonce> found = new HashSet<>();

  /** Segments that entries were about and that have been looked for. */
  private final Set<Nonce> met = new HashSet<>();

  /** Segments in which entries found bytes of files without a mention of where those are. */
  private final Set<Nonce> used = new LinkedHashSet<>();
  private @Nullable LogPosition last;

  private PastTree(
      Opening.Followed volume, TreeAccess access, ObjectStore store, Platform platform) {
    this.volume = volume;
    this.access = access;
    this.segments = new StoredSegments(store, volume.volume().id(), platform);
    this.pages = new PagesAhead(access, platform);
  }

  /** The tree of a head, with nothing of the log yet. */
  static PastTree open(
      Opening.Followed volume,
      ObjectStore store,
      Head head,
      VolumeLimits limits,
      Platform platform)
      throws IOException {
    TreeAccess access =
        TreeAccess.of(
            Opening.tree(store, head.root(), limits),
            head,
            volume.volume(),
            limits,
            volume.waits());
    PastTree tree = new PastTree(volume, access, store, platform);
    List<Mutation> carried = new ArrayList<>(Recovery.carried(head));
    // Nobody who only reads asks which packs hold something.
    carried.removeIf(PackUse::isPackChange);
    tree.apply(carried);
    return tree;
  }

  TreeAccess access() {
    return access;
  }

  DataReader.Resident resident() {
    return inline;
  }

  /** The last entry that was applied; null if none was. */
  @Nullable LogPosition last() {
    return last;
  }

  /** Says how far to replay. */
  @FunctionalInterface
  interface Until {
    /** Whether an entry is to be applied; if not, neither are those behind it. */
    boolean includes(LogEntry.Groups entry) throws IOException;
  }

  /**
   * Applies the logs behind a head.
   *
   * @param base the head whose tree this is
   */
  void replay(StoredHead base, Until until) throws IOException {
    Head newest = volume.newest().head();
    for (LogRange log : PastLogs.behind(base, newest)) {
      long certain = PastLogs.certain(log.epoch(), newest);
      Replay replay = new Replay(until, certain);
      LogEnd end = volume.logs().readTail(log.start(), log.end(), log.head(), replay);
      if (end instanceof LogEnd.Damaged damaged) {
        throw Opening.damaged(damaged.cause());
      }
      if (replay.stopped) {
        break;
      }
    }
    recordUsed();
  }

  /**
   * Segments that the store had before an entry was cut are not mentioned in it, and the group that
   * records them may be in a later one than is wanted.
   */
  private void recordUsed() throws IOException {
    used.removeAll(met);
    List<Nonce> unknown = new ArrayList<>();
    for (Nonce segment : used) {
      if (Unshared.get(access.state().tree(), TreeKeys.segment(segment)) == null) {
        unknown.add(segment);
      }
    }
    List<Mutation> records = new ArrayList<>();
    for (SegmentIndex index : segments.find(unknown).values()) {
      records.add(Checkpointer.record(index, SegmentUse.IMMORTAL_BIRTH_HEAD));
    }
    apply(records);
  }

  private final class Replay implements EntryVisitor {
    private final Until until;
    private final long certain;
    private boolean stopped;

    Replay(Until until, long certain) {
      this.until = until;
      this.certain = certain;
    }

    @Override
    public boolean visit(LogEntry.Groups entry) throws IOException {
      stopped = !until.includes(entry) || !take(entry, certain);
      return !stopped;
    }

    @Override
    public boolean turned(LogEntry.Turn entry) {
      stopped = true;
      return false;
    }

    @Override
    public void renewed(LogEntry.Renewal entry) {
      // Nothing has changed.
    }
  }

  private boolean take(LogEntry.Groups entry, long certain) throws IOException {
    Set<Nonce> wanted = new LinkedHashSet<>();
    entry.dependencies().forEach(dependency -> wanted.add(dependency.nonce()));
    entry.inline().forEach(run -> wanted.add(run.nonce()));
    met.addAll(wanted);
    wanted.removeAll(found);
    Map<Nonce, SegmentIndex> there = segments.find(wanted);
    boolean counts = entry.position().sequence() < certain;
    if (!counts && !complete(entry.dependencies(), there)) {
      return false;
    }
    List<Mutation> changes = new ArrayList<>();
    for (SegmentIndex index : there.values()) {
      if (index.logicalLength() > 0) {
        changes.add(Checkpointer.record(index, SegmentUse.IMMORTAL_BIRTH_HEAD));
        found.add(index.nonce());
        inline.drop(index.nonce());
      }
    }
    entry.inline().stream().filter(run -> !found.contains(run.nonce())).forEach(inline::add);
    for (byte[] group : entry.groups()) {
      changes.addAll(Recovery.decode(group, "log " + entry.position()));
    }
    for (Mutation change : changes) {
      if (change instanceof Mutation.ExtentPut put) {
        used.add(put.extent().nonce());
      }
    }
    pages.load(changes);
    apply(changes);
    last = entry.position();
    return true;
  }

  private boolean complete(List<Dependency> dependencies, Map<Nonce, SegmentIndex> there) {
    for (Dependency dependency : dependencies) {
      SegmentIndex index = there.get(dependency.nonce());
      if (!found.contains(dependency.nonce())
          && (index == null || index.logicalLength() < dependency.logicalLength())) {
        return false;
      }
    }
    return true;
  }

  /** When the last change of an entry was made; the least of all times if it does not tell. */
  static Timestamp time(LogEntry.Groups entry) throws IOException {
    Timestamp latest = new Timestamp(Long.MIN_VALUE, 0);
    for (byte[] group : entry.groups()) {
      for (Mutation mutation : Recovery.decode(group, "log " + entry.position())) {
        if (mutation instanceof Mutation.InodePut put
            && put.inode().changed().compareTo(latest) > 0) {
          latest = put.inode().changed();
        }
      }
    }
    return latest;
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
