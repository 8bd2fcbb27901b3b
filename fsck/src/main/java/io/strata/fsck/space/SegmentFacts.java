package io.strata.fsck.space;

import io.strata.fsck.scratch.KeyTable;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one segment: a view of its row, valid until another segment is added to the
 * table. Confined to the thread of a check while it is changed.
 */
final class SegmentFacts {
  /** Length of a row of the table in bytes. */
  static final int ROW_BYTES = 72;

  private static final int LOGICAL_LENGTH = 8;
  private static final int OBJECT_LENGTH = 16;
  private static final int RECORDED_LIVE = 24;
  private static final int LIVE_THEN = 32;
  private static final int LIVE_NOW = 40;
  private static final int INDEX_CRC = 48;
  private static final int FLAGS = 52;
  private static final int LIVE_KEPT = 56;
  private static final int BIRTH = 64;

  private static final int LENGTH_KNOWN = 1;
  private static final int LIVE_RECORDED = 2;
  private static final int RECORDED = 4;
  private static final int RECORDED_THEN = 8;
  private static final int OBJECT_NEEDED = 16;
  private static final int LOST = 32;

  private final KeyTable rows;
  private final long slot;

  SegmentFacts(KeyTable rows, long slot) {
    this.rows = rows;
    this.slot = slot;
  }

  /** Length of the logical stream, or -1 while it is not known. */
  long logicalLength() {
    return is(LENGTH_KNOWN) ? rows.getLong(slot, LOGICAL_LENGTH) : -1;
  }

  void setLogicalLength(long length) {
    rows.putLong(slot, LOGICAL_LENGTH, length);
    set(LENGTH_KNOWN);
  }

  /** Whether there is a record of it, now. */
  boolean recorded() {
    return is(RECORDED);
  }

  /** Notes a record of it. */
  void setRecorded(long logicalLength, long objectLength, int indexCrc) {
    setLogicalLength(logicalLength);
    rows.putLong(slot, OBJECT_LENGTH, objectLength);
    rows.putInt(slot, INDEX_CRC, indexCrc);
    set(RECORDED);
  }

  /** Whether that record was there already when the head was written. */
  boolean recordedThen() {
    return is(RECORDED_THEN);
  }

  void setRecordedThen() {
    set(RECORDED_THEN);
  }

  /** Length of the object that the record says. */
  long objectLength() {
    return rows.getLong(slot, OBJECT_LENGTH);
  }

  /** Checksum of the index in the record. */
  int indexCrc() {
    return rows.getInt(slot, INDEX_CRC);
  }

  /** Live bytes that are recorded as of the head. */
  @Nullable Long recordedLive() {
    return is(LIVE_RECORDED) ? (Long) rows.getLong(slot, RECORDED_LIVE) : null;
  }

  void setRecordedLive(long bytes) {
    rows.putLong(slot, RECORDED_LIVE, bytes);
    set(LIVE_RECORDED);
  }

  /** Bytes that extents referred to as of the head. */
  long liveThen() {
    return rows.getLong(slot, LIVE_THEN);
  }

  void addLiveThen(long bytes) {
    rows.putLong(slot, LIVE_THEN, liveThen() + bytes);
  }

  /** Bytes that extents refer to now. */
  long liveNow() {
    return rows.getLong(slot, LIVE_NOW);
  }

  void addLiveNow(long bytes) {
    rows.putLong(slot, LIVE_NOW, liveNow() + bytes);
  }

  /** Bytes that extents refer to after a repair. */
  long liveKept() {
    return rows.getLong(slot, LIVE_KEPT);
  }

  void addLiveKept(long bytes) {
    rows.putLong(slot, LIVE_KEPT, liveKept() + bytes);
  }

  /** Number of the head that first referred to it, as its record says. */
  long birthHead() {
    return rows.getLong(slot, BIRTH);
  }

  void setBirthHead(long number) {
    rows.putLong(slot, BIRTH, number);
  }

  /** Whether an extent refers to bytes of it that the log does not hold. */
  boolean objectNeeded() {
    return is(OBJECT_NEEDED);
  }

  void setObjectNeeded() {
    set(OBJECT_NEEDED);
  }

  /** Whether it was reported already that its bytes cannot be read. */
  boolean lost() {
    return is(LOST);
  }

  void setLost() {
    set(LOST);
  }

  private boolean is(int flag) {
    return (rows.getInt(slot, FLAGS) & flag) != 0;
  }

  private void set(int flag) {
    rows.putInt(slot, FLAGS, rows.getInt(slot, FLAGS) | flag);
  }
}
