package io.strata.fsck;

import io.strata.fsck.finding.Finding;
import io.strata.store.VolumeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param location where the bucket is
 * @param volume which volume it holds; null if nothing there tells
 * @param head number of the head that was checked; 0 if none could be read
 * @param complete whether everything could be looked at, if only to find it damaged; false if there
 *     was no head to begin with
 * @param data whether every block was read
 * @param counts what was checked
 * @param errors how many findings are errors
 * @param warnings how many findings are warnings
 * @param notes how many findings are notes
 * @param findings in the order in which they were made; the first of very many
 */
public record FsckReport(
    String location,
    @Nullable VolumeId volume,
    long head,
    boolean complete,
    boolean data,
    Counts counts,
    long errors,
    long warnings,
    long notes,
    List<Finding> findings) {
  /** Exit status: nothing is wrong. */
  public static final int EXIT_CLEAN = 0;

  /** Exit status: there are errors, and they are left as they were. */
  public static final int EXIT_ERRORS = 4;

  /** Exit status: the check could not be done; also for whoever catches what it throws. */
  public static final int EXIT_FAILED = 8;

  /** Exit status: the command line is wrong. For whoever reads it. */
  public static final int EXIT_USAGE = 16;

  /** Exit status: somebody has cancelled it. For whoever knows. */
  public static final int EXIT_CANCELLED = 32;

  public FsckReport {
    findings = List.copyOf(findings);
  }

  /**
   * What was checked.
   *
   * @param objects objects in the bucket
   * @param objectBytes their bytes
   * @param heads heads in the bucket
   * @param logEntries log entries that were replayed
   * @param pages pages of the tree
   * @param inodes inodes, directories included
   * @param directories directories
   * @param fileBytes bytes that files occupy
   * @param segments segments that were checked
   * @param requests requests that the check sent to the store
   * @param bytesRead bytes of objects that it read
   */
  public record Counts(
      long objects,
      long objectBytes,
      long heads,
      long logEntries,
      long pages,
      long inodes,
      long directories,
      long fileBytes,
      long segments,
      long requests,
      long bytesRead) {}

  /** The same, with the word that the owner was too quick for it. */
  FsckReport notComplete() {
    return new FsckReport(
        location, volume, head, false, data, counts, errors, warnings, notes, findings);
  }

  /** Whether everything could be checked and nothing is lost or wrong. */
  public boolean clean() {
    return complete && errors == 0;
  }

  /**
   * How the process should end, as {@code e2fsck(8)} does: the sum of {@link #EXIT_ERRORS} if there
   * are errors and {@link #EXIT_FAILED} if the check is not complete. Warnings leave it at 0.
   */
  public int exitStatus() {
    return (errors > 0 ? EXIT_ERRORS : EXIT_CLEAN) + (complete ? 0 : EXIT_FAILED);
  }
}
