package io.strata.tests.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Overwrites pieces of 4 KiB of a large file at random, with one fsync at the end or with many. */
final class RandomWrites implements MountWorkload.Phase {
  private static final int BLOCK = 4096;
  private static final int WRITES = 4000;
  private static final int SYNCED_WRITES = 300;

  private final long blocks;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
  private final Random random = new Random(3);

  RandomWrites(int mib) {
    this.blocks = ((long) mib << 20) / BLOCK;
  }

  @Override
  public void run(Target target, Figures figures) throws IOException {
    Path file = target.directory().resolve("random");
    if (!Files.exists(file)) {
      fill(file);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      figures.measure(
          target.name(),
          "write 4 KiB at random",
          "writes/s",
          WRITES,
          () -> {
            for (int i = 0; i < WRITES; i++) {
              write(channel);
            }
            channel.force(true);
          });
      figures.measure(
          target.name(),
          "write 4 KiB at random, fsync each",
          "writes/s",
          SYNCED_WRITES,
          () -> {
            for (int i = 0; i < SYNCED_WRITES; i++) {
              write(channel);
              channel.force(false);
            }
          });
    }
  }

  private void write(FileChannel channel) throws IOException {
    channel.write(block.clear(), random.nextLong(blocks) * BLOCK);
  }

  private void fill(Path file) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = blocks * BLOCK; left > 0; left -= chunk.capacity()) {
        channel.write(chunk.clear());
      }
      channel.force(true);
    }
  }
}
