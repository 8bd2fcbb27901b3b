package io.strata.fsck.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what a repair changes, counting all and keeping a limited number. */
public final class TouchedFiles {
  private final int keptMax;
  private final List<Touched> kept = new ArrayList<>();
  private long count;

  /**
   * @param keptMax how many are kept, at least 1
   */
  public TouchedFiles(int keptMax) {
    this.keptMax = keptMax;
  }

  /** Notes a change of an inode. */
  public void add(long ino, String change) {
    count++;
    if (kept.size() < keptMax) {
      kept.add(new Touched(new FilePlace(ino, null), change));
    }
  }

  /** How many there are, kept or not. */
  public long count() {
    return count;
  }

  /** Inodes whose paths are wanted. */
  public Set<Long> wanted() {
    Set<Long> inos = new TreeSet<>();
    kept.forEach(each -> inos.add(each.file().ino()));
    return inos;
  }

  /** Those that were kept, with the paths that are known. */
  public List<Touched> resolved(Map<Long, String> paths) {
    return kept.stream()
        .map(
            each ->
                new Touched(
                    new FilePlace(each.file().ino(), paths.get(each.file().ino())), each.change()))
        .toList();
  }
}
