package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.Volume;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything that goes on in a volume at once, each on a thread of its own, until it is told to
 * stop; nothing of it may ever fail.
 */
final class Work {
  static final int WARM_BYTES = 64 << 10;
  private static final int COLD_BYTES = 1 << 20;
  private static final int NAMES = 3_000;
  private static final int CHUNK_BYTES = 16 << 10;
  private static final int WRITTEN_BYTES = 1 << 20;
  private static final int RECORD_BYTES = 100;

  private final Volume volume;
  private final FileSystem files;
  private final List<CompletableFuture<?>> tasks = new ArrayList<>();
  private final byte[] written = new byte[WRITTEN_BYTES];
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger checkpoints = new AtomicInteger();
  private volatile boolean stopped;

  Work(Volume volume) {
    this.volume = volume;
    this.files = volume.fileSystem();
  }

  /** Makes what is read later. */
  static void prepare(Volume volume) throws FsException {
    FileSystem files = volume.fileSystem();
    write(files, "warm", content(1, WARM_BYTES));
    write(files, "cold", content(2, COLD_BYTES));
    write(files, "written", new byte[WRITTEN_BYTES]);
    write(files, "records", new byte[RECORD_BYTES]);
    for (int i = 0; i < NAMES; i++) {
      write(files, "name " + i, new byte[0]);
    }
  }

  static byte[] content(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void write(FileSystem files, String name, byte[] bytes) throws FsException {
    long handle = create(files, name);
    if (bytes.length > 0) {
      files.write(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes), false);
    }
    files.release(handle);
  }

  private static long create(FileSystem files, String name) throws FsException {
    return files
        .create(
            Caller.ROOT,
            Ino.ROOT,
            FileName.of(name),
            new NewNode(0100644, 0),
            OpenFlags.READ_WRITE)
        .handle();
  }

  private long open(String name) throws FsException {
    Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
    return files.open(Caller.ROOT, ino, OpenFlags.READ_WRITE);
  }

  private byte[] read(Caller caller, String name, int length) throws FsException {
    Ino ino = files.lookup(caller, Ino.ROOT, FileName.of(name)).ino();
    long handle = files.open(caller, ino, OpenFlags.READ_ONLY);
    byte[] bytes = new byte[length];
    int count = files.read(caller, handle, 0, MemorySegment.ofArray(bytes));
    files.release(handle);
    return Arrays.copyOf(bytes, count);
  }

  /** Reads what is in memory with a caller who may not wait. */
  void readWarm() throws FsException {
    assertThat(read(Caller.ROOT.hasty(), "warm", WARM_BYTES)).isEqualTo(content(1, WARM_BYTES));
  }

  /** Adds to a file, and syncs nothing. */
  static void append(Volume volume, String name, byte[] bytes) throws FsException {
    Work there = new Work(volume);
    long handle = there.open(name);
    there.files.append(Caller.ROOT, handle, MemorySegment.ofArray(bytes));
    there.files.release(handle);
  }

  /** Waits until a file is durable. */
  void sync(String name) throws FsException {
    long handle = open(name);
    try {
      files.sync(Caller.ROOT, handle, false);
    } finally {
      files.release(handle);
    }
  }

  /** Requires that a file ends with so many times the same, behind what it began with. */
  void verifyTail(String name, byte[] bytes, int times) throws FsException {
    byte[] whole = read(Caller.ROOT, name, RECORD_BYTES + (times + 1) * bytes.length);
    assertThat(whole).hasSize(RECORD_BYTES + times * bytes.length);
    for (int i = 0; i < times; i++) {
      int at = RECORD_BYTES + i * bytes.length;
      assertThat(Arrays.copyOfRange(whole, at, at + bytes.length))
          .as("%d of %d", i, times)
          .isEqualTo(bytes);
    }
  }

  /** How long a file is. */
  static long size(Volume volume, String name) throws FsException {
    return volume
        .fileSystem()
        .lookup(Caller.ROOT, Ino.ROOT, FileName.of(name))
        .size();
  }

  /** A look-up; of a volume that has just been opened it needs pages of the tree. */
  long sizeOfCold() throws FsException {
    return size(volume, "cold");
  }

  /** Brings into memory what is to be read in an outage. */
  void warmUp() throws FsException {
    assertThat(read(Caller.ROOT, "warm", WARM_BYTES)).hasSize(WARM_BYTES);
  }

  /** Begins. */
  void start() {
    run(this::writeRandomly);
    run(this::writeAndSync);
    run(this::readCold);
    run(this::lookUpNames);
    run(this::changeAndCheckpoint);
  }

  private void run(Callable<?> task) {
    CompletableFuture<Object> done = new CompletableFuture<>();
    tasks.add(done);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
  }

  private int writeRandomly() throws FsException, InterruptedException {
    long handle = open("written");
    Random random = new Random(3);
    int count = 0;
    while (!stopped) {
      byte[] chunk = content(count++, CHUNK_BYTES);
      int offset = random.nextInt(WRITTEN_BYTES - CHUNK_BYTES);
      files.write(Caller.ROOT, handle, offset, MemorySegment.ofArray(chunk), false);
      System.arraycopy(chunk, 0, written, offset, CHUNK_BYTES);
      // What is read in an outage must not have been driven out of memory before.
      Thread.sleep(1);
    }
    files.release(handle);
    return count;
  }

  private int writeAndSync() throws FsException {
    long handle = open("records");
    while (!stopped) {
      int next = acknowledged.get() + 1;
      byte[] bytes = content(next, RECORD_BYTES);
      files.write(
          Caller.ROOT, handle, (long) next * RECORD_BYTES, MemorySegment.ofArray(bytes), false);
      files.sync(Caller.ROOT, handle, false);
      acknowledged.set(next);
    }
    files.release(handle);
    return acknowledged.get();
  }

  /** In order, so that it is read ahead. */
  private int readCold() throws FsException {
    byte[] expected = content(2, COLD_BYTES);
    long handle = open("cold");
    int at = 0;
    for (; at < COLD_BYTES && !stopped; at += CHUNK_BYTES) {
      byte[] bytes = new byte[CHUNK_BYTES];
      files.read(Caller.ROOT, handle, at, MemorySegment.ofArray(bytes));
      assertThat(bytes).isEqualTo(Arrays.copyOfRange(expected, at, at + CHUNK_BYTES));
    }
    files.release(handle);
    return at;
  }

  private int lookUpNames() throws FsException {
    int count = 0;
    for (; !stopped && count < NAMES; count += 37) {
      assertThat(files.lookup(Caller.ROOT, Ino.ROOT, FileName.of("name " + count)).size()).isZero();
    }
    return count;
  }

  private int changeAndCheckpoint() throws FsException, IOException {
    while (!stopped) {
      files.release(create(files, "checkpoint " + checkpoints.get()));
      volume.checkpoint();
      checkpoints.incrementAndGet();
    }
    return checkpoints.get();
  }

  /** How many records an fsync has covered. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** Fails as the first thing has that failed. */
  void requireNoFailure() {
    for (CompletableFuture<?> task : tasks) {
      if (task.isCompletedExceptionally()) {
        throw new AssertionError("something failed", task.exceptionNow());
      }
    }
  }

  /** Has everything end at its next step. */
  void stop() {
    stopped = true;
  }

  boolean ended() {
    return tasks.stream().allMatch(CompletableFuture::isDone);
  }

  /** Compares a volume with all that was done. */
  void verify(Volume later) throws FsException {
    Work there = new Work(later);
    assertThat(there.read(Caller.ROOT, "warm", WARM_BYTES)).isEqualTo(content(1, WARM_BYTES));
    assertThat(there.read(Caller.ROOT, "cold", COLD_BYTES)).isEqualTo(content(2, COLD_BYTES));
    assertThat(there.read(Caller.ROOT, "written", WRITTEN_BYTES)).isEqualTo(written);
    verifyRecords(later);
    for (int i = 0; i < checkpoints.get(); i++) {
      assertThat(there.read(Caller.ROOT, "checkpoint " + i, 1)).isEmpty();
    }
  }

  /** Looks for what was acknowledged. */
  void verifyRecords(Volume later) throws FsException {
    int count = acknowledged.get();
    byte[] records =
        new Work(later).read(Caller.ROOT, "records", (count + 1) * RECORD_BYTES);
    for (int i = 1; i <= count; i++) {
      assertThat(Arrays.copyOfRange(records, i * RECORD_BYTES, (i + 1) * RECORD_BYTES))
          .as("record %d of %d", i, count)
          .isEqualTo(content(i, RECORD_BYTES));
    }
  }
}
