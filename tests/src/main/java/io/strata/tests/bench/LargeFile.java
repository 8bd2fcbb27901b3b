package io.strata.tests.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Writes a large file in order and reads it when it is cached nowhere. A restarted server first
 * reads the file of the round before, so that only its data is cold and not its code too.
 */
final class LargeFile implements MountWorkload.Phase {
  private static final int CHUNK = 1 << 20;

  private final int mib;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

  LargeFile(int mib) {
    this.mib = mib;
    byte[] bytes = new byte[CHUNK];
    new Random(2).nextBytes(bytes);
    chunk.put(bytes);
  }

  @Override
  public void run(Target target, Figures figures) throws IOException {
    Path file = target.directory().resolve("large");
    Path before = target.directory().resolve("large.before");
    figures.measure(target.name(), "write in order, fsync", "MiB/s", mib, () -> write(file));
    target.makeCold();
    if (Files.exists(before)) {
      read(before);
      Target.dropCaches();
    }
    figures.measure(target.name(), "read in order, cold", "MiB/s", mib, () -> read(file));
    figures.measure(target.name(), "read in order, cached", "MiB/s", mib, () -> read(file));
    Files.deleteIfExists(before);
    Files.move(file, before);
  }

  private void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < mib; i++) {
        channel.write(chunk.clear());
      }
      channel.force(true);
    }
  }

  private void read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long read = 0;
      for (int n = 0; n >= 0; n = channel.read(chunk.clear())) {
        read += n;
      }
      if (read != (long) mib * CHUNK) {
        throw new IOException(file + " is cut off");
      }
    }
  }
}
