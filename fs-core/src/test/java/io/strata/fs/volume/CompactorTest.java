package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.Retention;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkpoints are made by hand; sleeping takes no time. */
final class CompactorTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final VolumeLimits LIMITS =
      new VolumeLimits(256 * KIB, 8 * MIB, MIB, 64L * MIB, 64L * MIB, 64 * KIB, 64 * KIB);
  private static final OpenOptions OPTIONS =
      OpenOptions.DEFAULT.withTakeOver(true).withLimits(LIMITS);

  private final Platform platform =
      new Platform(
          ManualClock.skippingSleep(Instant.parse("2026-01-01T00:00:00Z")),
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          this::start);
  private final MemStore bucket = new MemStore();
  private final Random random = new Random(1);

  private final Phaser tasks = new Phaser(1);

  private void start(Runnable task) {
    tasks.register();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                task.run();
              } finally {
                tasks.arriveAndDeregister();
              }
            });
  }

  /** Makes a checkpoint, and waits until the compaction after it is over. */
  private void checkpoint(Volume volume) throws IOException {
    volume.checkpoint();
    tasks.arriveAndAwaitAdvance();
  }

  @BeforeEach
  void format() throws IOException {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
  }

  @Test
  void overwritingAtRandomKeepsTheBucketSmall() throws Exception {
    int size = 4 * MIB;
    byte[] model = new byte[size];
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      write(files, file, model, 0, size);
      for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 100; i++) {
          write(files, file, model, 4 * KIB * random.nextInt(size / (4 * KIB)), 4 * KIB);
        }
        checkpoint(volume);
      }
      forgetCheckpoints(volume);
      assertThat(segmentBytes()).isLessThan(2L * size);
      assertThat(read(files, file.handle(), size)).isEqualTo(model);
    }
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of("file")).ino();
      long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
      assertThat(read(files, handle, size)).isEqualTo(model);
    }
  }

  /** Nobody asks for a checkpoint, and no time passes but what compaction sleeps. */
  @Test
  void garbageMakesRoomForItselfBeforeItIsAsMuchAsTheFiles() throws Exception {
    int size = 16 * MIB;
    byte[] model = new byte[size];
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      int pieces = size / (64 * KIB);
      for (int i = 0; i < pieces; i++) {
        write(files, file, model, i * 64 * KIB, 64 * KIB);
      }
      long most = 0;
      for (int i = 0; i < 10 * pieces; i++) {
        write(files, file, model, random.nextInt(pieces) * 64 * KIB, 64 * KIB);
        tasks.arriveAndAwaitAdvance();
        most = Math.max(most, segmentBytes());
      }
      assertThat(most).isLessThan(2L * size);
      assertThat(read(files, file.handle(), size)).isEqualTo(model);
    }
  }

  @Test
  void segmentsOfManySyncsAreMerged() throws Exception {
    byte[] model = new byte[200 * 3000];
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      for (int i = 0; i < 200; i++) {
        write(files, file, model, 3000 * i, 3000);
        checkpoint(volume);
      }
      forgetCheckpoints(volume);
      assertThat(segmentKeys().size()).isLessThan(30);
      assertThat(read(files, file.handle(), model.length)).isEqualTo(model);
    }
  }

  @Test
  void deletedBytesGoThoughCheckpointsAreKept() throws Exception {
    byte[] model = new byte[4 * MIB];
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      for (int i = 0; i < 16; i++) {
        write(files, file, model, i * MIB / 4, MIB / 4);
        checkpoint(volume);
      }
      files.release(file.handle());
      files.unlink(Caller.ROOT, Ino.ROOT, FileName.of("file"));
      tasks.arriveAndAwaitAdvance();
      long before = volume.statistics().head();
      for (int i = 0; i < 20; i++) {
        checkpoint(volume);
      }
      // Nothing else has changed; a few heads were enough, and then it is quiet.
      assertThat(volume.statistics().head() - before).isLessThan(Retention.RECENT_MIN + 5);
      assertThat(segmentBytes()).isLessThan(MIB);
    }
  }

  /** A damaged segment keeps its own garbage and no other's. */
  @Test
  void oneDamagedSegmentDoesNotStopTheOthers() throws Exception {
    byte[] model = new byte[4 * MIB];
    try (Volume volume = Volume.open(bucket, OPTIONS, platform)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      for (int at = 0; at < model.length; at += 64 * KIB) {
        write(files, file, model, at, 64 * KIB);
      }
      checkpoint(volume);
      List<ObjectKey> first = segmentKeys();
      bucket.delete(List.of(first.get(1)));
      // A little of each stays.
      for (int at = 0; at < model.length; at += 64 * KIB) {
        write(files, file, model, at, 56 * KIB);
      }
      forgetCheckpoints(volume);
      // Checkpoints that are kept may keep up to four segments that are dead.
      assertThat(first).hasSizeGreaterThan(10);
      assertThat(first.stream().filter(key -> bucket.head(key).isPresent())).hasSizeLessThan(5);
      assertThat(read(files, file.handle(), MIB / 4)).isEqualTo(Arrays.copyOf(model, MIB / 4));
    }
  }

  private Opened create(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT,
        Ino.ROOT,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE);
  }

  private void write(FileSystem files, Opened file, byte[] model, int at, int length)
      throws FsException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, model, at, length);
    files.write(Caller.ROOT, file.handle(), at, MemorySegment.ofArray(bytes), false);
  }

  private static byte[] read(FileSystem files, long handle, int length) throws FsException {
    byte[] bytes = new byte[length];
    files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes));
    return bytes;
  }

  /** What is dead by now goes when no checkpoint that is kept refers to it any more. */
  private void forgetCheckpoints(Volume volume) throws IOException, FsException {
    for (int i = 0; i < 40; i++) {
      create(volume.fileSystem(), "empty " + i);
      checkpoint(volume);
    }
  }

  private List<ObjectKey> segmentKeys() {
    return bucket.keys().stream()
        .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
        .toList();
  }

  private long segmentBytes() {
    return segmentKeys().stream().mapToLong(key -> bucket.head(key).orElse(0L)).sum();
  }
}
