package io.strata.tests.outage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Programs that work on a mounted volume, a platform thread each as a program has: some write records
 * and sync each, one writes much and syncs nothing, one makes files and renames them, some read.
 * Whatever fails is kept. Safe for any thread.
 */
final class MountedLoad {
  private static final int SYNCERS = 4;
  private static final int RECORD_BYTES = 100;
  private static final int CHUNK_BYTES = 128 << 10;
  private static final int CHUNKS_MAX = 1024;
  private static final int COLD_BYTES = 8 << 20;

  private final Path directory;
  private final AtomicLongArray acknowledged = new AtomicLongArray(SYNCERS);
  private final AtomicLong chunks = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong names = new AtomicLong();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  MountedLoad(Path directory) {
    this.directory = directory;
  }

  /** A program. */
  @FunctionalInterface
  private interface Body {
    void run() throws IOException, InterruptedException;
  }

  /** Makes what is read; to be called before the volume is mounted anew. */
  void prepare() throws IOException {
    Files.write(directory.resolve("warm"), content(1, COLD_BYTES));
    Files.write(directory.resolve("cold"), content(2, COLD_BYTES));
  }

  void start() throws IOException {
    Files.readAllBytes(directory.resolve("warm"));
    for (int i = 0; i < SYNCERS; i++) {
      int number = i;
      begin("sync-" + i, () -> writeAndSync(number));
    }
    begin("write", this::writeMuch);
    begin("names", this::makeAndRename);
    begin("warm", () -> read("warm", 1, 1));
    begin("cold", () -> read("cold", 2, 20));
  }

  private void begin(String name, Body body) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .start(
                () -> {
                  try {
                    body.run();
                  } catch (IOException | RuntimeException | Error e) {
                    failures.add(new IOException(name + ": " + e, e));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private void writeAndSync(int number) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("records-" + number),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      while (!stopped) {
        long next = acknowledged.get(number);
        ByteBuffer record = ByteBuffer.wrap(content(next * SYNCERS + number, RECORD_BYTES));
        write(file, record, next * RECORD_BYTES);
        file.force(false);
        acknowledged.set(number, next + 1);
      }
    }
  }

  private void writeMuch() throws IOException, InterruptedException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("much"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (!stopped && chunks.get() < CHUNKS_MAX) {
        long next = chunks.get();
        write(file, ByteBuffer.wrap(content(next, CHUNK_BYTES)), next * CHUNK_BYTES);
        chunks.incrementAndGet();
        Thread.sleep(20);
      }
    }
  }

  private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long start = at;
    while (bytes.hasRemaining()) {
      start += file.write(bytes, start);
    }
  }

  private void makeAndRename() throws IOException, InterruptedException {
    while (!stopped) {
      long next = names.get();
      Path made = Files.createFile(directory.resolve("new-" + next));
      Files.move(made, directory.resolve("name-" + next));
      names.incrementAndGet();
      Thread.sleep(10);
    }
  }

  private void read(String name, long seed, int pauseMillis)
      throws IOException, InterruptedException {
    byte[] expected = content(seed, COLD_BYTES);
    Random random = new Random(seed);
    try (FileChannel file =
        FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
      while (!stopped) {
        int at = random.nextInt(COLD_BYTES / 4096) * 4096;
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        int count = file.read(bytes, at);
        requireEqual(name, at, bytes.array(), Arrays.copyOfRange(expected, at, at + count));
        reads.incrementAndGet();
        Thread.sleep(pauseMillis);
      }
    }
  }

  private static void requireEqual(String name, long at, byte[] found, byte[] expected) {
    if (!Arrays.equals(found, expected)) {
      throw new IllegalStateException(name + " has other bytes at " + at);
    }
  }

  /** Ends it, once everything has come to its next step. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Records of each program that syncs, which were acknowledged. */
  long[] acknowledged() {
    long[] counts = new long[SYNCERS];
    Arrays.setAll(counts, acknowledged::get);
    return counts;
  }

  long reads() {
    return reads.get();
  }

  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** Compares the volume with what was done; after a close that is all of it. */
  void verify() throws IOException {
    for (int i = 0; i < SYNCERS; i++) {
      byte[] found = Files.readAllBytes(directory.resolve("records-" + i));
      for (int k = 0; k < acknowledged.get(i); k++) {
        requireEqual(
            "records-" + i,
            (long) k * RECORD_BYTES,
            Arrays.copyOfRange(found, k * RECORD_BYTES, (k + 1) * RECORD_BYTES),
            content((long) k * SYNCERS + i, RECORD_BYTES));
      }
    }
    byte[] much = Files.readAllBytes(directory.resolve("much"));
    for (int k = 0; k < chunks.get(); k++) {
      requireEqual(
          "much",
          (long) k * CHUNK_BYTES,
          Arrays.copyOfRange(much, k * CHUNK_BYTES, (k + 1) * CHUNK_BYTES),
          content(k, CHUNK_BYTES));
    }
    for (long k = 0; k < names.get(); k++) {
      if (!Files.exists(directory.resolve("name-" + k))) {
        throw new IOException("name-" + k + " is missing");
      }
    }
  }

  @Override
  public String toString() {
    return "%s records synced, %d chunks written, %d names, %d reads"
        .formatted(Arrays.toString(acknowledged()), chunks.get(), names.get(), reads.get());
  }

  private static byte[] content(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
