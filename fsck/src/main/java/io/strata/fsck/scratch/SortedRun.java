package io.strata.fsck.scratch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes in the order of their keys in a file, of which some keys are remembered. */
final class SortedRun {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int HEADER_BYTES = 2 * Integer.BYTES;
  private static final int DELETED = -1;

  private final Scratch scratch;
  private final FileChannel file;
  private final NavigableMap<byte[], Long> places = new TreeMap<>(Arrays::compareUnsigned);
  private long end;

  /** Writes a run. */
  SortedRun(Scratch scratch, Iterator<Change> sorted) {
    this.scratch = scratch;
    this.file = scratch.runFile();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long marked = -BUFFER_BYTES;
    while (sorted.hasNext()) {
      Change change = sorted.next();
      byte[] value = change.value();
      int length = HEADER_BYTES + change.key().length + (value == null ? 0 : value.length);
      if (buffer.remaining() < length) {
        write(buffer);
        if (buffer.capacity() < length) {
          buffer = ByteBuffer.allocate(length);
        }
      }
      long at = end + buffer.position();
      if (at - marked >= BUFFER_BYTES) {
        places.put(change.key(), at);
        marked = at;
      }
      buffer.putInt(change.key().length).putInt(value == null ? DELETED : value.length);
      buffer.put(change.key());
      if (value != null) {
        buffer.put(value);
      }
    }
    write(buffer);
  }

  private void write(ByteBuffer buffer) {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        end += file.write(buffer, end);
      }
    } catch (IOException e) {
      throw scratch.full(e);
    }
    buffer.clear();
  }

  /** The changes from a key on. */
  Iterator<Change> from(byte[] key) {
    var place = places.floorEntry(key);
    Reader reader = new Reader(place == null ? 0 : place.getValue());
    reader.skipTo(key);
    return reader;
  }

  private final class Reader implements Iterator<Change> {
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long at;
    private @Nullable Change next;

    Reader(long at) {
      this.at = at;
      this.next = read();
    }

    void skipTo(byte[] key) {
      while (next != null && Arrays.compareUnsigned(next.key(), key) < 0) {
        next = read();
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Change next() {
      Change change = next;
      if (change == null) {
        throw new NoSuchElementException();
      }
      next = read();
      return change;
    }

    private @Nullable Change read() {
      if (!buffer.hasRemaining() && at == end) {
        return null;
      }
      fill(HEADER_BYTES);
      byte[] key = new byte[buffer.getInt()];
      int length = buffer.getInt();
      fill(key.length + Math.max(0, length));
      buffer.get(key);
      if (length == DELETED) {
        return new Change(key, null);
      }
      byte[] value = new byte[length];
      buffer.get(value);
      return new Change(key, value);
    }

    /** Has at least this many bytes in the buffer. */
    private void fill(int needed) {
      if (buffer.remaining() >= needed) {
        return;
      }
      if (buffer.capacity() >= needed) {
        buffer.compact();
      } else {
        buffer = ByteBuffer.allocate(needed).put(buffer);
      }
      try {
        while (buffer.position() < needed || (buffer.hasRemaining() && at < end)) {
          int read = file.read(buffer, at);
          if (read < 0) {
            throw new IOException("a sorted run ends early");
          }
          at += read;
        }
      } catch (IOException e) {
        throw scratch.full(e);
      }
      buffer.flip();
    }
  }
}
