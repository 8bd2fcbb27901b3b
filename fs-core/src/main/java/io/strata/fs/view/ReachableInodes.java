package io.strata.fs.view;

import io.strata.fs.schema.Ino;
import io.strata.fs.state.RecordFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The inodes that a guest has come to on legitimate ways: only these may it name. Grows with what
 * the guest sees, up to 32 bytes an inode ({@link InodeSet}), and shrinks as inodes are removed.
 *
 * <p>It can live in a {@link RecordFile} too, of one number a record, so that a guest goes on with
 * the inodes that it knows when the daemon is killed and started again on this machine. A number is
 * written before the guest is told it.
 *
 * <p>Safe for any thread.
 */
public final class ReachableInodes implements AutoCloseable {
  /** "strarea" and version 1. */
  private static final long MAGIC = 0x01_61_65_72_61_72_74_73L;

  /** "strinos" and version 1: words of 64 numbers each, number of the word and bits. */
  private static final long STATE_MAGIC = 0x01_73_6f_6e_69_72_74_73L;

  /** Below that it is not worth writing it anew. */
  private static final long REWRITE_RECORDS_MIN = 64 << 10;

  private final InodeSet inodes = new InodeSet();

  /** Guarded by this. */
  private @Nullable RecordFile file;

  private ReachableInodes() {}

  /** None yet, and none are kept. */
  public static ReachableInodes inMemory() {
    return new ReachableInodes();
  }

  /**
   * Those that are in a file, which is made if it is not there.
   *
   * @throws IOException also if it is some other file
   */
  public static ReachableInodes in(Path path) throws IOException {
    ReachableInodes reachable = new ReachableInodes();
    synchronized (reachable) {
      reachable.file =
          RecordFile.open(
              path, MAGIC, Long.BYTES, record -> reachable.inodes.add(record.getLong()));
      reachable.rewrite();
    }
    return reachable;
  }

  boolean contains(Ino ino) {
    return inodes.contains(ino.value());
  }

  /** Adds one before the guest is told of it. */
  void add(Ino ino) {
    if (!inodes.contains(ino.value())) {
      addAll(new long[] {ino.value()}, 1);
    }
  }

  /** Adds the first {@code count} numbers before the guest is told of them. */
  synchronized void addAll(long[] numbers, int count) {
    int fresh = 0;
    for (int i = 0; i < count; i++) {
      if (!inodes.contains(numbers[i])) {
        numbers[fresh++] = numbers[i];
      }
    }
    RecordFile to = file;
    if (to != null) {
      int[] next = new int[1];
      to.append(fresh, record -> record.putLong(numbers[next[0]++]));
    }
    for (int i = 0; i < fresh; i++) {
      inodes.add(numbers[i]);
    }
    if (to != null && to.records() > Math.max(REWRITE_RECORDS_MIN, 2 * inodes.size())) {
      rewrite();
    }
  }

  /** One is gone from the volume, where its number is never used again. */
  synchronized void remove(Ino ino) {
    inodes.remove(ino.value());
  }

  /** Forgets all: the guest begins anew. */
  public synchronized void clear() {
    inodes.clear();
    rewrite();
  }

  /** Guarded by this. */
  private void rewrite() {
    if (file != null) {
      file.rewrite(sink -> inodes.forEach(ino -> sink.add(record -> record.putLong(ino))));
    }
  }

  /** All of them, for {@link #restore} elsewhere. */
  public synchronized byte[] save() {
    int[] words = new int[1];
    inodes.forEachWord((word, bits) -> words[0]++);
    byte[] saved = new byte[Math.addExact(Long.BYTES, Math.multiplyExact(words[0], 16))];
    ByteBuffer out = over(saved).putLong(STATE_MAGIC);
    inodes.forEachWord((word, bits) -> out.putLong(word).putLong(bits));
    return saved;
  }

  /**
   * Adds what a guest knew elsewhere.
   *
   * @throws IOException if the bytes are not from {@link #save}
   */
  public synchronized void restore(byte[] saved) throws IOException {
    ByteBuffer in = over(saved);
    if (saved.length % (2 * Long.BYTES) != Long.BYTES || in.getLong() != STATE_MAGIC) {
      throw new IOException(saved.length + " bytes that are no inodes that this version can read");
    }
    while (in.hasRemaining()) {
      long word = in.getLong();
      for (long bits = in.getLong(); bits != 0; bits &= bits - 1) {
        long ino = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (word >>> 57 != 0 || ino == 0) {
          throw new IOException("no inode has number " + ino + " of word " + word);
        }
        inodes.add(ino);
      }
    }
    rewrite();
  }

  private static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Closes the file, which stays. */
  @Override
  public synchronized void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
