package io.strata.fs.volume;

import io.strata.replay.format.Dependency;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which entries of the logs count: an entry does if every entry before it in its log does
 * and every segment that it names is there with the length that it names. Confined to one thread.
 *
 * <p>An owner who recovers may not merely find a segment missing, because the old owner's put of it
 * may still land and make the entry true. So {@link SegmentFinder} puts something in its place
 * first; who wins that race decides for all times.
 */
final class LogVerdict {
  private final SegmentFinder finder;
  private final Map<Nonce, SegmentIndex> known;
  private final List<LogEntry.Groups> accepted = new ArrayList<>();
  private final Map<Nonce, List<InlineRun>> inline = new LinkedHashMap<>();
  private final Map<Nonce, SegmentIndex> found = new LinkedHashMap<>();
  private final Set<Nonce> decisive = new HashSet<>();

  /** Looks for the segments of old epochs. */
  @FunctionalInterface
  interface SegmentFinder {
    /**
     * The index of what stands under a segment's name from now on.
     *
     * @param inline the segment's bytes that the log holds, in the order of the log
     */
    SegmentIndex find(Nonce nonce, List<InlineRun> inline) throws IOException;
  }

  /**
   * A verdict to be.
   *
   * @param known segments that were found before; what is there never changes
   */
  LogVerdict(SegmentFinder finder, Map<Nonce, SegmentIndex> known) {
    this.finder = finder;
    this.known = Map.copyOf(known);
  }

  /** Judges the next entry of a log; false if the log ends before it. */
  boolean judge(LogEntry.Groups entry) throws IOException {
    for (Dependency dependency : entry.dependencies()) {
      if (index(dependency.nonce()).logicalLength() < dependency.logicalLength()) {
        decisive.add(dependency.nonce());
        return false;
      }
    }
    for (InlineRun run : entry.inline()) {
      inline.computeIfAbsent(run.nonce(), nonce -> new ArrayList<>()).add(run);
    }
    accepted.add(entry);
    return true;
  }

  private SegmentIndex index(Nonce nonce) throws IOException {
    SegmentIndex index = found.get(nonce);
    if (index == null) {
      index = known.get(nonce);
      if (index == null) {
        index = finder.find(nonce, inline.getOrDefault(nonce, List.of()));
      }
      found.put(nonce, index);
    }
    return index;
  }

  /**
   * Whether a segment is the reason why a log ends where it does. It must stand for ever: were it
   * deleted, the old owner's put could still land and make the entry true.
   */
  boolean isDecisive(Nonce nonce) {
    return decisive.contains(nonce);
  }

  /** The entries that count, in order. */
  List<LogEntry.Groups> accepted() {
    return accepted;
  }

  /**
   * The segments that entries which count refer to, each of which is in the store when this returns
   * (or was found wanting by {@code finder}).
   */
  Map<Nonce, SegmentIndex> segments() throws IOException {
    for (Nonce nonce : inline.keySet()) {
      index(nonce);
    }
    return found;
  }
}
