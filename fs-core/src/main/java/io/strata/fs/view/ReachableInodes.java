package io.strata.fs.view;

import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inodes that a guest has come to on legitimate ways: only these may it name. Grows with what
 * the guest sees, up to 32 bytes an inode ({@link InodeSet}), and shrinks as inodes are removed.
 *
 * <p>It can live in a file, so that a guest goes on with the inodes that it knows when the daemon is
 * killed and started again on this machine. A number is written before the guest is told it. The
 * operating system keeps what was written when a process dies, so nothing is synced: a machine that
 * stops takes its guests with it. The file is a header (8 bytes of magic and version) and numbers of
 * 8 bytes, little-endian; what is cut off at the end is ignored. It is written anew when more than
 * half of it is out of date.
 *
 * <p>Safe for any thread.
 */
public final class ReachableInodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReachableInodes.class);

  /** "strarea" and version 1. */
  private static final long MAGIC = 0x01_61_65_72_61_72_74_73L;

  private static final int BUFFER_BYTES = 64 << 10;

  /** Below that it is not worth writing it anew. */
  private static final long REWRITE_NUMBERS_MIN = 64 << 10;

  private final InodeSet inodes = new InodeSet();
  private final @Nullable Path file;

  /** Guarded by this: null if there is no file, or it failed. */
  private @Nullable FileChannel channel;

  private long written;

  private ReachableInodes(@Nullable Path file) {
    this.file = file;
  }

  /** None yet, and none are kept. */
  public static ReachableInodes inMemory() {
    return new ReachableInodes(null);
  }

  /**
   * Those that are in a file, which is made if it is not there.
   *
   * @throws IOException also if it is some other file
   */
  public static ReachableInodes in(Path file) throws IOException {
    ReachableInodes reachable = new ReachableInodes(file);
    if (Files.exists(file)) {
      reachable.read(file);
    }
    synchronized (reachable) {
      reachable.write(file);
    }
    return reachable;
  }

  boolean contains(Ino ino) {
    return inodes.contains(ino.value());
  }

  /** Adds one before the guest is told of it. */
  void add(Ino ino) {
    if (inodes.contains(ino.value())) {
      return;
    }
    addAll(new long[] {ino.value()}, 1);
  }

  /** Adds the first {@code count} numbers before the guest is told of them. */
  synchronized void addAll(long[] numbers, int count) {
    if (file != null) {
      append(file, numbers, count);
    }
    for (int i = 0; i < count; i++) {
      inodes.add(numbers[i]);
    }
    if (written > REWRITE_NUMBERS_MIN && written > 2 * inodes.size() && channel != null) {
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
      try {
        write(file);
      } catch (IOException e) {
        abandon(file, e);
      }
    }
  }

  /** Guarded by this. */
  private void append(Path file, long[] numbers, int count) {
    if (channel == null) {
      return;
    }
    ByteBuffer fresh = buffer(count * Long.BYTES);
    for (int i = 0; i < count; i++) {
      if (!inodes.contains(numbers[i])) {
        fresh.putLong(numbers[i]);
      }
    }
    written += fresh.flip().remaining() / Long.BYTES;
    try {
      writeAll(channel, fresh);
    } catch (IOException e) {
      abandon(file, e);
    }
  }

  /** The guest is served on; only a restart of the daemon would now cost it what it knows. */
  private void abandon(Path file, IOException failure) {
    LOG.error("{}: a guest will not survive a restart of this daemon", file, failure);
    try {
      close();
    } catch (IOException e) {
      LOG.warn("{}: {}", file, e.getMessage());
    }
  }

  private void read(Path file) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = buffer(BUFFER_BYTES);
      boolean headed = false;
      while (from.read(buffer) >= 0) {
        buffer.flip();
        if (!headed && buffer.remaining() >= Long.BYTES) {
          if (buffer.getLong() != MAGIC) {
            throw new IOException(file + " is no list of inodes that this version can read");
          }
          headed = true;
        }
        while (headed && buffer.remaining() >= Long.BYTES) {
          inodes.add(buffer.getLong());
        }
        buffer.compact();
      }
    }
  }

  /** Guarded by this. Puts a file of what there is in the place of the old one. */
  private void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    FileChannel to =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    boolean done = false;
    try {
      ByteBuffer buffer = buffer(BUFFER_BYTES).putLong(MAGIC);
      inodes.forEach(
          number -> {
            if (!buffer.hasRemaining()) {
              writeAll(to, buffer.flip());
              buffer.clear();
            }
            buffer.putLong(number);
          });
      writeAll(to, buffer.flip());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      close();
      channel = to;
      written = inodes.size();
      done = true;
    } finally {
      if (!done) {
        to.close();
      }
    }
  }

  private static void writeAll(FileChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Closes the file, which stays. */
  @Override
  public synchronized void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
