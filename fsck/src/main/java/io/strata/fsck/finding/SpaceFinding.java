package io.strata.fsck.finding;

import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import org.jspecify.annotations.Nullable;

/** Findings about the bytes of files: extents and segments. */
public sealed interface SpaceFinding extends Finding {

  @Override
  default Severity severity() {
    return Severity.ERROR;
  }

  /**
   * Two extents of a file hold the same place in it.
   *
   * @param file the file
   * @param offset where the later one begins
   * @param earlierEnd where the earlier one ends
   */
  record Overlap(FilePlace file, long offset, long earlierEnd) implements SpaceFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "extents-overlap",
          "%s has two extents for its bytes %d to %d".formatted(file, offset, earlierEnd),
          "those bytes may be read as either",
          "compare the file with a copy, or take it from an earlier checkpoint",
          "keeps the bytes that were written last");
    }
  }

  /**
   * An extent reaches past the end of its file.
   *
   * @param file the file
   * @param size the file's size
   * @param end where the extent ends
   */
  record BeyondEnd(FilePlace file, long size, long end) implements SpaceFinding {
    @Override
    public Explanation explanation() {
      return new Explanation(
          "extent-beyond-end",
          "%s has %d bytes and an extent up to %d".formatted(file, size, end),
          "old bytes may show where zeros should be when the file grows",
          "copy the file",
          "lets the file end where the extent does");
    }
  }

  /**
   * An extent refers to bytes that its segment does not have.
   *
   * @param file the file
   * @param nonce the segment
   * @param offset where in the file the extent begins
   * @param length the extent's length
   * @param logicalEnd where in the segment the extent ends
   * @param has how many bytes the segment has
   */
  record OutsideSegment(
      FilePlace file, Nonce nonce, long offset, long length, long logicalEnd, long has)
      implements SpaceFinding {
    @Override
    public ObjectKey object() {
      return ObjectNames.segment(nonce);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "extent-outside-segment",
          "bytes %d to %d of %s end at %d of %s, which has %d"
              .formatted(offset, offset + length, file, logicalEnd, object(), has),
          "those bytes are lost",
          "take the file from a copy or an earlier checkpoint",
          "makes a hole of the bytes that are not there");
    }
  }

  /**
   * Bytes of a file cannot be read, because a part of their segment is damaged or missing.
   *
   * @param file the file
   * @param nonce the segment
   * @param offset where in the file the first such byte is
   * @param end where in the file the last one ends
   * @param lostBytes how many between them are lost
   */
  record BytesLost(FilePlace file, Nonce nonce, long offset, long end, long lostBytes)
      implements SpaceFinding {
    @Override
    public ObjectKey object() {
      return ObjectNames.segment(nonce);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "bytes-lost",
          "%d bytes of %s, from %d to %d, cannot be read from %s"
              .formatted(lostBytes, file, offset, end, object()),
          "reading them fails; the rest of the file is not touched",
          "bring the object back, or take the file from a copy",
          "makes holes of them and lists the file");
    }
  }

  /**
   * What the tree knows of a segment is not what its object says.
   *
   * @param nonce the segment
   * @param problem the difference
   */
  record RecordDiffers(Nonce nonce, String problem) implements SpaceFinding {
    @Override
    public ObjectKey object() {
      return ObjectNames.segment(nonce);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "segment-record-differs",
          "%s is not as the tree records it: %s".formatted(object(), problem),
          "one of the two was replaced; reads that meet a difference fail",
          "check with --data to see which blocks can be read",
          "records what the segment's own footer says");
    }
  }

  /**
   * Neighbouring blocks of a segment are not what was written.
   *
   * @param nonce the segment
   * @param first number of the first one, from 0
   * @param last number of the last one
   * @param damage what is wrong with the first one
   */
  record BlocksDamaged(Nonce nonce, int first, int last, String damage) implements SpaceFinding {
    @Override
    public ObjectKey object() {
      return ObjectNames.segment(nonce);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "block-damaged",
          first == last
              ? damage
              : "%s; so are those behind it up to block %d".formatted(damage, last),
          "files that have lost bytes to it are named too",
          "bring the object back from a copy or an earlier version of the bucket's object",
          "leaves the segment and makes holes of what files had there");
    }
  }

  /**
   * A segment's live bytes are not the sum of what refers to it.
   *
   * @param nonce the segment
   * @param recorded bytes that are recorded as live; null if no record could be read
   * @param found bytes that extents refer to
   */
  record WrongLiveBytes(Nonce nonce, @Nullable Long recorded, long found) implements SpaceFinding {
    @Override
    public ObjectKey object() {
      return ObjectNames.segment(nonce);
    }

    @Override
    public Explanation explanation() {
      return new Explanation(
          "wrong-live-bytes",
          "%s is recorded with %s live bytes, %d are referred to"
              .formatted(object(), recorded == null ? "no" : recorded.toString(), found),
          recorded == null || recorded < found
              ? "it may be deleted while files still need it"
              : "its space is not given back",
          "do not let the volume be written until it is repaired, and report the fault",
          "counts anew");
    }
  }
}
