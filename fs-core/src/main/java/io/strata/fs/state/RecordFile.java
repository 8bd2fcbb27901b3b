package io.strata.fs.state;

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
 * A file of records of one size, to which changes are appended and which is written anew when too
 * much of it is out of date.
 *
 * <p>It is for what a process must find again after it was killed: the operating system keeps what
 * was written, so nothing is synced, and a machine that stops takes what the records are about with
 * it. The file is 8 bytes of magic and version, then records, little-endian; a record that is cut
 * off at the end is ignored.
 *
 * <p>Where the file fails it is deleted, as half of the truth is none, and whoever uses it goes on
 * without: that is logged. Not safe for several threads.
 */
public final class RecordFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordFile.class);

  private static final int BUFFER_BYTES = 64 << 10;

  private final Path path;
  private final long magic;
  private final int recordBytes;
  private @Nullable FileChannel channel;
  private long records;

  private RecordFile(Path path, long magic, int recordBytes) {
    this.path = path;
    this.magic = magic;
    this.recordBytes = recordBytes;
  }

  /** Takes one record, which stands between position and limit. */
  @FunctionalInterface
  public interface Reader {
    void record(ByteBuffer record) throws IOException;
  }

  /** Puts one record at the position. */
  @FunctionalInterface
  public interface Writer {
    void record(ByteBuffer record);
  }

  /** Everything that is true now, record by record. */
  @FunctionalInterface
  public interface Snapshot {
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes the records of a snapshot. */
  @FunctionalInterface
  public interface Sink {
    void add(Writer record) throws IOException;
  }

  /**
   * Reads what is in a file, if it is there. To write, {@link #rewrite} it first.
   *
   * @throws IOException also if it is some other file, or the reader says that a record is wrong
   */
  public static RecordFile open(Path path, long magic, int recordBytes, Reader reader)
      throws IOException {
    RecordFile file = new RecordFile(path, magic, recordBytes);
    if (Files.exists(path)) {
      file.read(reader);
    }
    return file;
  }

  private void read(Reader reader) throws IOException {
    try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer buffer = buffer(BUFFER_BYTES);
      boolean headed = false;
      while (from.read(buffer) >= 0) {
        buffer.flip();
        if (!headed && buffer.remaining() >= Long.BYTES) {
          if (buffer.getLong() != magic) {
            throw new IOException(path + " is nothing that this version can read");
          }
          headed = true;
        }
        while (headed && buffer.remaining() >= recordBytes) {
          int next = buffer.position() + recordBytes;
          reader.record(
              buffer.slice(buffer.position(), recordBytes).order(ByteOrder.LITTLE_ENDIAN));
          buffer.position(next);
        }
        buffer.compact();
      }
    }
  }

  /** Records in the file, true ones and others. */
  public long records() {
    return records;
  }

  /** Appends {@code count} records with one write. */
  public void append(int count, Writer each) {
    if (channel == null || count == 0) {
      return;
    }
    ByteBuffer buffer = buffer(Math.multiplyExact(count, recordBytes));
    for (int i = 0; i < count; i++) {
      each.record(buffer);
    }
    try {
      writeAll(channel, buffer.flip());
      records += count;
    } catch (IOException e) {
      abandon(e);
    }
  }

  /** Puts a file of what is true now in the place of what was there. */
  public void rewrite(Snapshot snapshot) {
    try {
      replace(snapshot);
    } catch (IOException e) {
      abandon(e);
    }
  }

  private void replace(Snapshot snapshot) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    FileChannel to =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    boolean done = false;
    try {
      ByteBuffer buffer = buffer(BUFFER_BYTES).putLong(magic);
      long[] count = new long[1];
      snapshot.writeTo(
          record -> {
            if (buffer.remaining() < recordBytes) {
              writeAll(to, buffer.flip());
              buffer.clear();
            }
            record.record(buffer);
            count[0]++;
          });
      writeAll(to, buffer.flip());
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      close();
      channel = to;
      records = count[0];
      done = true;
    } finally {
      if (!done) {
        to.close();
      }
    }
  }

  private void abandon(IOException failure) {
    LOG.error("{}: a guest will not survive a restart of this daemon", path, failure);
    records = 0;
    try {
      delete();
    } catch (IOException e) {
      LOG.error("{} must be deleted before the next start of this daemon", path, e);
    }
  }

  /** Ends with the file, which is of no use any more. */
  public void delete() throws IOException {
    close();
    Files.deleteIfExists(path);
  }

  /** Closes the file, which stays. */
  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
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
}
