package io.strata.store.file;

import io.strata.platform.Platform;
import io.strata.store.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Files that are to become objects. Safe for use by any thread, and by many processes. */
final class TempFiles {
  /** The folder's name under the root; no part of a key can be called so. */
  static final String FOLDER = ".tmp~";

  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);
  // Pieces in heap memory are copied through buffers of at most this size each.
  private static final int PIECE_BYTES_MAX = 1 << 20;
  private static final int GATHER_BYTES_MAX = 4 << 20;

  private final Path folder;
  private final Folders folders;
  private final Platform platform;
  private final AtomicLong counter = new AtomicLong();
  private final String process;
  private volatile boolean ready;

  TempFiles(Path root, Folders folders, Platform platform) {
    this.folder = root.resolve(FOLDER);
    this.folders = folders;
    this.platform = platform;
    this.process = "%016x".formatted(platform.random().nextLong());
  }

  /** A new file with these bytes, all of them on disk. */
  Path write(Body body) throws IOException {
    prepare();
    Path file = folder.resolve(process + "-" + counter.incrementAndGet());
    boolean written = false;
    try (FileChannel channel = create(file)) {
      for (List<ByteBuffer> batch : batches(body)) {
        writeFully(channel, batch.toArray(ByteBuffer[]::new));
      }
      channel.force(false);
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(file);
      }
    }
    return file;
  }

  private FileChannel create(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    } catch (NoSuchFileException e) {
      // Somebody has removed the folder while we were running.
      folders.forget(folder);
      folders.enterOrMake(folder);
      return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }
  }

  /** Not before the first write, so that who only reads changes nothing. */
  private void prepare() throws IOException {
    if (ready) {
      return;
    }
    folders.enterOrMake(folder);
    Instant abandoned = platform.clock().now().minus(ABANDONED_AFTER);
    for (Path file : Folders.children(folder)) {
      deleteIfOlder(file, abandoned);
    }
    ready = true;
  }

  // A writer so slow that its file is deleted here fails to link it, and may try again.
  private static void deleteIfOlder(Path file, Instant limit) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException goneMeanwhile) {
      // Its writer has finished, or another process cleans as well.
      return;
    }
  }

  private static List<List<ByteBuffer>> batches(Body body) {
    List<List<ByteBuffer>> batches = new ArrayList<>();
    List<ByteBuffer> batch = new ArrayList<>();
    long batchBytes = 0;
    for (ByteBuffer part : body.parts()) {
      while (part.hasRemaining()) {
        int length = Math.min(part.remaining(), PIECE_BYTES_MAX);
        batch.add(part.slice(part.position(), length));
        part.position(part.position() + length);
        batchBytes += length;
        if (batchBytes >= GATHER_BYTES_MAX) {
          batches.add(batch);
          batch = new ArrayList<>();
          batchBytes = 0;
        }
      }
    }
    batches.add(batch);
    return batches;
  }

  private static void writeFully(FileChannel channel, ByteBuffer[] pieces) throws IOException {
    int first = 0;
    while (first < pieces.length) {
      if (pieces[first].hasRemaining()) {
        channel.write(pieces, first, pieces.length - first);
      } else {
        first++;
      }
    }
  }
}
