package io.strata.segment.format;

/**
 * Whose bytes a run of a segment's logical stream was when it was appended: what a checker has when
 * the tree is lost. Later runs of a segment are newer.
 *
 * @param ino the inode number
 * @param fileOffset where in the file the run begins
 * @param logicalOffset where in the segment's logical stream it begins
 * @param length bytes, 1 to {@link SegmentFormat#LOGICAL_BYTES_MAX}
 */
public record SummaryRun(long ino, long fileOffset, long logicalOffset, long length) {
  /** Whether {@code next} continues this run both in the file and in the segment. */
  public boolean continuedBy(SummaryRun next) {
    return ino == next.ino
        && fileOffset + length == next.fileOffset
        && logicalOffset + length == next.logicalOffset;
  }

  /** This run and {@code next}, which continues it, as one. */
  public SummaryRun with(SummaryRun next) {
    return new SummaryRun(ino, fileOffset, logicalOffset, length + next.length);
  }
}
