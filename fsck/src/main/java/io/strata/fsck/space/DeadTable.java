package io.strata.fsck.space;

import io.strata.fs.schema.DeadObject;
import io.strata.fsck.bucket.LongLongMap;
import io.strata.fsck.scratch.Rows;
import io.strata.fsck.scratch.Scratch;
import io.strata.store.Nonce;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Records of dead objects, in the order in which they were met. */
final class DeadTable implements Iterable<DeadObject> {
  private static final int ROW_BYTES = 40;
  private static final int NONCE = 0;
  private static final int DEATH = 8;
  private static final int BIRTH = 16;
  private static final int STORED_BYTES = 24;
  private static final int KIND = 32;

  private final Rows rows;
  private final LongLongMap segments;
  private final LongLongMap packs;

  DeadTable(Scratch scratch) {
    rows = new Rows(scratch, ROW_BYTES);
    segments = new LongLongMap(scratch);
    packs = new LongLongMap(scratch);
  }

  void add(DeadObject object) {
    long row = rows.add();
    long nonce = object.nonce().value();
    rows.putLong(row, NONCE, nonce);
    rows.putLong(row, DEATH, object.deathHead());
    rows.putLong(row, BIRTH, object.birthHead());
    rows.putLong(row, STORED_BYTES, object.storedBytes());
    rows.putInt(row, KIND, object.kind().code());
    names(object.kind()).put(nonce, 1);
  }

  /** Whether an object is recorded as dead. */
  boolean has(DeadObject.Kind kind, long nonce) {
    return names(kind).has(nonce);
  }

  private LongLongMap names(DeadObject.Kind kind) {
    return switch (kind) {
      case SEGMENT -> segments;
      case PACK -> packs;
    };
  }

  @Override
  public Iterator<DeadObject> iterator() {
    return new Iterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < rows.count();
      }

      @Override
      public DeadObject next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        long row = next++;
        return new DeadObject(
            rows.getLong(row, DEATH),
            rows.getInt(row, KIND) == DeadObject.Kind.PACK.code()
                ? DeadObject.Kind.PACK
                : DeadObject.Kind.SEGMENT,
            new Nonce(rows.getLong(row, NONCE)),
            rows.getLong(row, BIRTH),
            rows.getLong(row, STORED_BYTES));
      }
    };
  }
}
