package io.strata.fsck.scratch;

/** Rows of a fixed length, to which more are added; numbered from 0. */
public final class Rows {
  private static final int ROWS_MIN = 64;

  private final Scratch scratch;
  private final int rowBytes;
  private RowArray rows;
  private long count;

  /**
   * @param rowBytes the length of a row
   */
  public Rows(Scratch scratch, int rowBytes) {
    this.scratch = scratch;
    this.rowBytes = rowBytes;
    this.rows = new RowArray(scratch, rowBytes, ROWS_MIN);
  }

  /** How many there are. */
  public long count() {
    return count;
  }

  /** Adds a row of zeros. */
  public long add() {
    if (count == rows.count()) {
      RowArray larger = new RowArray(scratch, rowBytes, count * 2);
      larger.copyStart(rows, count);
      rows.release();
      rows = larger;
    }
    return count++;
  }

  public long getLong(long row, int at) {
    return rows.getLong(row, at);
  }

  public void putLong(long row, int at, long value) {
    rows.putLong(row, at, value);
  }

  public int getInt(long row, int at) {
    return rows.getInt(row, at);
  }

  public void putInt(long row, int at, int value) {
    rows.putInt(row, at, value);
  }
}
