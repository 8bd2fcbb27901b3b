package io.strata.fsck;

import io.strata.fsck.finding.Touched;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repair found and did.
 *
 * @param before the check before it
 * @param after the check after it; null if nothing was written
 * @param refused why nothing was written though something is wrong; null if it was not refused
 * @param head number of the repaired head; 0 if nothing was written
 * @param undo name of the snapshot that holds what was before; null if there is none
 * @param sources what came from where, in sentences
 * @param touchedCount how many changes of files there are
 * @param touched those changes, in the order of inode numbers; the first of very many
 */
public record RepairReport(
    FsckReport before,
    @Nullable FsckReport after,
    @Nullable String refused,
    long head,
    @Nullable String undo,
    List<String> sources,
    long touchedCount,
    List<Touched> touched) {
  /** Exit status: errors were corrected. */
  public static final int EXIT_CORRECTED = 1;

  public RepairReport {
    sources = List.copyOf(sources);
    touched = List.copyOf(touched);
  }

  /** Of a volume of which nothing needs to be written. */
  static RepairReport nothing(FsckReport before) {
    return new RepairReport(before, null, null, 0, null, List.of(), 0, List.of());
  }

  /** Of a volume that must be left as it is. */
  static RepairReport refused(FsckReport before, String why) {
    return new RepairReport(before, null, why, 0, null, List.of(), 0, List.of());
  }

  /**
   * How the process should end, as {@code e2fsck(8)} does: 0 if nothing was wrong, the sum of
   * {@link #EXIT_CORRECTED} if a repaired head was written and {@link FsckReport#EXIT_ERRORS} if
   * something is left.
   */
  public int exitStatus() {
    FsckReport last = after;
    if (last == null) {
      return before.clean() ? FsckReport.EXIT_CLEAN : FsckReport.EXIT_ERRORS;
    }
    return EXIT_CORRECTED + last.exitStatus();
  }
}
