package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.LogRange;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.replay.EntryVisitor;
import io.strata.replay.LogEnd;
import io.strata.replay.LogReader;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies the logs behind a kept head to its tree, as far as a state is to be that the volume goes
 * back to, and notes which segments they speak of: those may be gone. Confined to one thread.
 */
final class LogReplay implements EntryVisitor {
  private final PastTree.Until until;
  private final StoredSegments stored;
  private final VolumeState state;
  private final InlineRuns inline = new InlineRuns();
  private final Set<Nonce> met = new HashSet<>();
  private final Set<Nonce> segments = new LinkedHashSet<>();
  private final NavigableMap<byte[], Mutation.ExtentPut> extents =
      new TreeMap<>(Arrays::compareUnsigned);
  private long certain;
  private boolean stopped;
  private @Nullable LogPosition last;

  LogReplay(PastTree.Until until, StoredSegments stored, VolumeState state) {
    this.until = until;
    this.stored = stored;
    this.state = state;
  }

  /**
   * Applies them.
   *
   * @param newest the newest head, which says which entries count
   */
  void run(LogReader logs, PastPoint point, Head newest) throws IOException {
    for (LogRange log : PastLogs.behind(point.base(), newest)) {
      certain = PastLogs.certain(log.epoch(), newest);
      LogEnd end = logs.readTail(log.start(), log.end(), log.head(), this);
      if (end instanceof LogEnd.Damaged damaged) {
        throw Opening.damaged(damaged.cause());
      }
      if (stopped) {
        break;
      }
    }
    point.requireReached(last);
  }

  @Override
  public boolean visit(LogEntry.Groups entry) throws IOException {
    stopped = !until.includes(entry) || !counts(entry);
    if (stopped) {
      return false;
    }
    entry.inline().forEach(inline::add);
    for (byte[] group : entry.groups()) {
      List<Mutation> mutations = Recovery.decode(group, "log " + entry.position());
      for (Mutation mutation : mutations) {
        note(mutation);
      }
      Unshared.run(
          () -> {
            state.change(mutations);
            return true;
          });
    }
    last = entry.position();
    return true;
  }

  /** Heads have said so, or its segments are there. */
  private boolean counts(LogEntry.Groups entry) throws IOException {
    if (entry.position().sequence() < certain) {
      return true;
    }
    Map<Nonce, SegmentIndex> there =
        stored.find(entry.dependencies().stream().map(Dependency::nonce).toList());
    return entry.dependencies().stream()
        .allMatch(
            each -> {
              SegmentIndex index = there.get(each.nonce());
              return index != null && index.logicalLength() >= each.logicalLength();
            });
  }

  private void note(Mutation mutation) throws IOException {
    if (mutation instanceof Mutation.ExtentPut put) {
      note(put.extent().nonce());
      extents.put(put.key(), put);
    } else if (mutation instanceof Mutation.SegmentPut put) {
      note(put.nonce());
    }
  }

  private void note(Nonce segment) throws IOException {
    if (met.add(segment) && Unshared.get(state.tree(), TreeKeys.segment(segment)) == null) {
      segments.add(segment);
    }
  }

  @Override
  public boolean turned(LogEntry.Turn entry) {
    stopped = true;
    return false;
  }

  /** The segments that the entries speak of and the head's tree did not know. */
  Set<Nonce> segments() {
    return segments;
  }

  /** The extents that the entries put, each as it was put last; they may be gone again. */
  Iterable<Mutation.ExtentPut> extents() {
    return extents.values();
  }

  /** The bytes that the entries carried. */
  InlineRuns inline() {
    return inline;
  }
}
