package io.strata.fsck.space;

import org.jspecify.annotations.Nullable;

/** What is known of one segment. Confined to the thread of a check. */
final class SegmentFacts {
  /** Length of the logical stream, or -1 while it is not known. */
  long logicalLength = -1;

  /** Whether there is a record of it, now. */
  boolean recorded;

  /** Whether that record was there already when the head was written. */
  boolean recordedThen;

  /** Length of the object that the record says. */
  long objectLength;

  /** Checksum of the index in the record. */
  int indexCrc;

  /** Live bytes that are recorded as of the head. */
  @Nullable Long recordedLive;

  /** Bytes that extents referred to as of the head. */
  long liveThen;

  /** Bytes that extents refer to now. */
  long liveNow;

  /** Whether an extent refers to bytes of it that the log does not hold. */
  boolean objectNeeded;

  /** Whether it was reported already that its bytes cannot be read. */
  boolean lost;
}
