package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.platform.CountedThreads;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock stands still: nothing happens in the background but what a limit asks for. */
final class OwnedVolumeTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final OpenOptions TAKE_OVER = OpenOptions.DEFAULT.withTakeOver(true);

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private final MemStore bucket = new MemStore();
  private final Random random = new Random(1);

  @BeforeEach
  void format() throws IOException {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
  }

  @Test
  void aCheckpointIsGoodWhateverBecomesOfItsGarbage() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    AtomicBoolean committed = new AtomicBoolean();
    ObjectStore store =
        new FaultStore(
            bucket,
            request -> {
              if (broken.get() && committed.get()) {
                return Fault.FAIL_BEFORE;
              }
              // A head is put, then listed: what comes after that is no part of the commit.
              if (request.verb() == Verb.LIST && request.key().equals(ObjectNames.HEADS)) {
                committed.set(true);
              }
              return Fault.PASS;
            });
    try (Volume volume = Volume.open(store, TAKE_OVER, platform)) {
      broken.set(true);
      for (int i = 1; i <= 40; i++) {
        committed.set(false);
        makeFile(volume.fileSystem(), "file " + i);
        volume.checkpoint();
        assertThat(volume.statistics().checkpoints()).isEqualTo(i);
      }
      long garbage = heads();

      broken.set(false);
      makeFile(volume.fileSystem(), "last");
      volume.checkpoint();
      assertThat(heads()).isLessThan(garbage);
    }
  }

  @Test
  void recoveryReadsEachLogObjectAndSegmentOnce() throws Exception {
    Volume volume = Volume.open(bucket, TAKE_OVER, platform);
    Opened file = makeFile(volume.fileSystem(), "file");
    int syncs = 50;
    for (int i = 0; i < syncs; i++) {
      append(volume.fileSystem(), file, 300 * KIB);
      volume.fileSystem().sync(Caller.ROOT, file.handle(), false);
    }
    volume.abandon();
    long logObjects = count(ObjectNames.LOGS);
    long segments = count(ObjectNames.SEGMENTS);
    assertThat(segments).isGreaterThanOrEqualTo(syncs);

    MeteredStore store = new MeteredStore(bucket, clock);
    try (Volume again = Volume.open(store, TAKE_OVER, platform)) {
      long once = logObjects + segments;
      assertThat(store.snapshot().gets()).isBetween(once, once + syncs / 4 + 8);
      Ino ino = again.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of("file")).ino();
      assertThat(again.fileSystem().attributes(Caller.ROOT, ino).size())
          .isEqualTo(syncs * 300L * KIB);
    }
  }

  @Test
  void theLogThatRecoveryMustReadIsBounded() throws Exception {
    VolumeLimits limits =
        new VolumeLimits(64 * KIB, MIB, MIB, 64L * MIB, 64L * MIB, 64 * KIB, 64 * KIB);
    Volume volume = Volume.open(bucket, TAKE_OVER.withLimits(limits), platform);
    Opened file = makeFile(volume.fileSystem(), "file");
    for (int i = 0; i < 400; i++) {
      append(volume.fileSystem(), file, 32 * KIB);
      volume.fileSystem().sync(Caller.ROOT, file.handle(), false);
    }
    assertThat(volume.statistics().checkpoints()).isPositive();
    volume.abandon();

    MeteredStore store = new MeteredStore(bucket, clock);
    Volume.open(store, TAKE_OVER, platform).abandon();
    long tail = limits.logTailBytesMax() / (16 * KIB + 32 * KIB);
    // All is read twice if the owner's last checkpoint arrives meanwhile.
    assertThat(store.snapshot().gets())
        .as("log, segments of it, and a few")
        .isLessThan(2 * 3 * tail);
  }

  /** Also one that was killed may be so: the request was on its way. */
  @Test
  void anOwnerMayBeACheckpointAheadOfWhoTakesOver() throws Exception {
    Volume owner = Volume.open(bucket, TAKE_OVER, platform);
    AtomicInteger ahead = new AtomicInteger(3);
    ObjectStore store =
        beforeEachHead(
            () -> {
              if (ahead.getAndDecrement() > 0) {
                commit(owner, "file " + ahead);
              }
            });
    try (Volume next = Volume.open(store, TAKE_OVER, platform)) {
      assertThat(ahead).hasNegativeValue();
      for (int i = 0; i < 3; i++) {
        next.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of("file " + i));
      }
      assertThatThrownBy(() -> commit(owner, "late")).isNotNull();
    } finally {
      owner.abandon();
    }
  }

  /** Whoever kept its threads would have one that puts a head years later. */
  @Test
  @Timeout(60)
  void nothingOfAnAbandonedVolumeGoesOnWaitingForTheStore() throws Exception {
    CountedThreads threads = new CountedThreads();
    Platform counted = new Platform(clock, new SplittableRandom(1), threads, threads);
    AtomicBoolean away = new AtomicBoolean();
    ObjectStore store =
        new FaultStore(bucket, request -> away.get() ? Fault.FAIL_BEFORE : Fault.PASS);
    Duration interval = Duration.ofSeconds(10);
    Volume volume =
        Volume.open(store, TAKE_OVER.withTimes(Duration.ofDays(1), interval), counted);
    makeFile(volume.fileSystem(), "file");
    threads.awaitEnd();
    away.set(true);
    clock.advance(interval);
    while (!threads.isAtRest()) {
      Thread.sleep(1);
    }

    volume.abandon();
    threads.awaitEnd();
    away.set(false);
    assertThat(heads()).isEqualTo(2);
  }

  /** Two who take over at once do not take the volume from each other in turn. */
  @Test
  void whoIsOvertakenByAnotherTakerDoesNotTakeTheVolumeFromIt() throws Exception {
    Volume owner = Volume.open(bucket, TAKE_OVER, platform);
    List<Volume> quicker = new ArrayList<>();
    ObjectStore store =
        beforeEachHead(
            () -> {
              if (quicker.isEmpty()) {
                quicker.add(open());
              }
            });
    assertThatThrownBy(() -> Volume.open(store, TAKE_OVER, platform))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("opened by another process");
    quicker.getFirst().close();
    owner.abandon();
  }

  /** The bucket, where something else happens before a head is put. */
  private ObjectStore beforeEachHead(Runnable step) {
    return new FaultStore(
        bucket,
        request -> {
          if (request.verb() == Verb.PUT && request.key().startsWith(ObjectNames.HEADS)) {
            step.run();
          }
          return Fault.PASS;
        });
  }

  private Volume open() {
    try {
      return Volume.open(bucket, TAKE_OVER, platform);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void commit(Volume volume, String file) {
    try {
      makeFile(volume.fileSystem(), file);
      volume.checkpoint();
    } catch (IOException | FsException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Opened makeFile(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT,
        Ino.ROOT,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE);
  }

  private void append(FileSystem files, Opened file, int length) throws FsException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    files.append(Caller.ROOT, file.handle(), MemorySegment.ofArray(bytes));
  }

  private long heads() {
    return count(ObjectNames.HEADS);
  }

  private long count(String prefix) {
    return bucket.keys().stream().filter(key -> key.value().startsWith(prefix)).count();
  }
}
