package io.strata.fsck.scratch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Space for the tables of one check: on the heap up to a budget, in files beyond. Closing it gives
 * everything back; what was handed out is dead then.
 *
 * <p>Confined to a thread. What cannot be had ends in an {@link UncheckedIOException} that names
 * the directory.
 */
public final class Scratch implements AutoCloseable {
  private static final int ZEROS_BYTES = 1 << 20;

  private final Path directory;
  private final long heapBytesMax;
  private final Map<MemorySegment, Arena> mapped = new HashMap<>();
  private final List<FileChannel> files = new ArrayList<>();
  private long heapBytes;

  /**
   * @param directory where files are made; it must be there when the first one is needed
   * @param heapBytesMax how much stays on the heap
   */
  public Scratch(Path directory, long heapBytesMax) {
    this.directory = directory;
    this.heapBytesMax = heapBytesMax;
  }

  /** How many bytes of entries are sorted in memory before they are written to a run. */
  long sortBytesMax() {
    return heapBytesMax / 2;
  }

  /** Zeroed memory of this many bytes. */
  MemorySegment take(long bytes) {
    if (bytes <= heapBytesMax - heapBytes) {
      heapBytes += bytes;
      // Longs, because only they are aligned for longs.
      return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]);
    }
    Arena arena = Arena.ofShared();
    try (FileChannel file = file()) {
      // Written, not merely grown: a mapped hole on a full disk would kill the process.
      ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(bytes, ZEROS_BYTES));
      for (long at = 0; at < bytes; at += zeros.capacity()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        while (zeros.hasRemaining()) {
          file.write(zeros, at + zeros.position());
        }
      }
      MemorySegment segment = file.map(MapMode.READ_WRITE, 0, bytes, arena);
      mapped.put(segment, arena);
      return segment;
    } catch (IOException e) {
      arena.close();
      throw full(e);
    }
  }

  /** Gives memory back that was taken. */
  void release(MemorySegment segment) {
    Arena arena = mapped.remove(segment);
    if (arena != null) {
      arena.close();
    } else {
      heapBytes -= segment.byteSize();
    }
  }

  /** A new file for a run, open until this is closed. */
  FileChannel runFile() {
    FileChannel file = file();
    files.add(file);
    return file;
  }

  private FileChannel file() {
    try {
      Path path = Files.createTempFile(directory, "strata-fsck", ".tmp");
      // On Linux this takes the name away at once.
      return FileChannel.open(
          path,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw full(e);
    }
  }

  UncheckedIOException full(IOException e) {
    return new UncheckedIOException(
        new IOException("scratch directory " + directory + " cannot be used: " + e, e));
  }

  @Override
  public void close() {
    mapped.values().forEach(Arena::close);
    mapped.clear();
    for (FileChannel file : files) {
      try {
        file.close();
      } catch (IOException e) {
        throw full(e);
      }
    }
    files.clear();
  }
}
