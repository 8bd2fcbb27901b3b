package io.strata.fsck.finding;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Collects findings in the order in which they are made. Counts all, keeps a limited number. Those
 * about files are kept without a path until {@link #resolved}, since paths are known only at the
 * end.
 *
 * <p>Confined to the thread of a check.
 */
public final class Findings {
  private final int keptMax;
  private final List<Pending> pending = new ArrayList<>();
  private final Map<Severity, Long> counts = new EnumMap<>(Severity.class);

  /** A finding that waits for the path of an inode; 0 for none. */
  private record Pending(long ino, Function<FilePlace, Finding> finding) {}

  /**
   * @param keptMax findings that are kept, at least 1
   */
  public Findings(int keptMax) {
    if (keptMax < 1) {
      throw new IllegalArgumentException("at least one finding must be kept: " + keptMax);
    }
    this.keptMax = keptMax;
  }

  /** Adds a finding that names no file. */
  public void add(Finding finding) {
    add(0, place -> finding);
  }

  /** Adds a finding about an inode, which is asked for its path at the end. */
  public void add(long ino, Function<FilePlace, Finding> finding) {
    Severity severity = finding.apply(new FilePlace(ino, null)).severity();
    counts.merge(severity, 1L, Long::sum);
    if (pending.size() < keptMax) {
      pending.add(new Pending(ino, finding));
    }
  }

  /** How many findings of a severity there are, kept or not. */
  public long count(Severity severity) {
    return counts.getOrDefault(severity, 0L);
  }

  /** Inodes whose paths are wanted. */
  public Set<Long> wanted() {
    Set<Long> inos = new TreeSet<>();
    for (Pending each : pending) {
      if (each.ino() != 0) {
        inos.add(each.ino());
      }
    }
    return inos;
  }

  /** The findings that were kept, with the paths that are known. */
  public List<Finding> resolved(Map<Long, String> paths) {
    List<Finding> resolved = new ArrayList<>(pending.size());
    for (Pending each : pending) {
      resolved.add(each.finding().apply(new FilePlace(each.ino(), paths.get(each.ino()))));
    }
    return resolved;
  }
}
