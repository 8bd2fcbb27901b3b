package io.strata.tests.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.CountedThreads;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The clock is turned by hand, and what happens in the background is waited for: nothing is sent that
 * the test did not ask for.
 */
final class RequestCountTest {
  private static final Caller CALLER = Caller.ROOT;
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final CountedThreads threads = new CountedThreads();
  private final Platform platform =
      new Platform(clock, new SplittableRandom(1), threads, threads);
  private final MeteredStore store = new MeteredStore(new MemStore(), clock);
  private final Random random = new Random(1);

  @BeforeEach
  void format() throws IOException {
    Volume.format(store, FormatOptions.DEFAULT, platform);
  }

  @Test
  void aLoneFsyncOfUpTo256KibIsOnePut() throws Exception {
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, Ino.ROOT, "file");
      files.sync(CALLER, file.handle(), false);
      for (int length : new int[] {1, 4 * KIB, 64 * KIB, 100_000, 256 * KIB}) {
        files.write(CALLER, file.handle(), 0, bytes(length), false);
        StoreStats before = store.snapshot();
        files.sync(CALLER, file.handle(), false);
        StoreStats sync = store.snapshot().since(before);
        assertThat(sync.puts()).as("puts for %d bytes", length).isEqualTo(1);
        assertThat(sync.requests()).as("requests for %d bytes", length).isEqualTo(1);
      }
      StoreStats before = store.snapshot();
      files.sync(CALLER, file.handle(), false);
      assertThat(store.snapshot().since(before).requests()).as("nothing new").isZero();
    }
  }

  @Test
  void aLargerFsyncIsASegmentAndALogObjectSideBySide() throws Exception {
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, Ino.ROOT, "file");
      files.write(CALLER, file.handle(), 0, bytes(4 * MIB), false);
      StoreStats before = store.snapshot();
      files.sync(CALLER, file.handle(), false);
      assertThat(store.snapshot().since(before).requests()).isEqualTo(2);
    }
  }

  @Test
  void tenThousandSmallFilesAndASyncAreAtMostTenPuts() throws Exception {
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      StoreStats before = store.snapshot();
      MemorySegment content = bytes(4 * KIB);
      for (int i = 0; i < 10_000; i++) {
        Opened file = create(files, Ino.ROOT, "f" + i);
        files.write(CALLER, file.handle(), 0, content, false);
        files.release(file.handle());
      }
      files.syncAll(CALLER);
      StoreStats sync = store.snapshot().since(before);
      assertThat(sync.puts()).isBetween(2L, 10L);
      assertThat(sync.requests()).isEqualTo(sync.puts());
    }
  }

  @Test
  void anIdleVolumeSendsNothing() throws Exception {
    try (Volume volume = open()) {
      StoreStats opened = store.snapshot();
      clock.advance(Duration.ofMinutes(10));
      assertThat(store.snapshot().since(opened).requests()).as("never used").isZero();

      Opened file = create(volume.fileSystem(), Ino.ROOT, "file");
      volume.fileSystem().write(CALLER, file.handle(), 0, bytes(KIB), false);
      volume.fileSystem().syncAll(CALLER);
      clock.advance(Duration.ofSeconds(30));
      threads.awaitEnd();
      StoreStats settled = store.snapshot();
      clock.advance(Duration.ofMinutes(10));
      assertThat(volume.statistics().checkpoints()).isEqualTo(1);
      assertThat(store.snapshot().since(settled).requests()).as("used and left alone").isZero();
    }
  }

  /** What a volume costs that somebody changes all the time: the log, a pack, a head, a look. */
  @Test
  void aCheckpointOfASmallChangeIsThreePutsAndAList() throws Exception {
    try (Volume volume = open()) {
      for (int i = 0; i < 30; i++) {
        StoreStats before = store.snapshot();
        volume.fileSystem().release(create(volume.fileSystem(), Ino.ROOT, "file" + i).handle());
        volume.checkpoint();
        // No head waits for the log that it does not need any more.
        threads.awaitEnd();
        StoreStats spent = store.snapshot().since(before);
        assertThat(spent.puts()).isEqualTo(3);
        assertThat(spent.lists()).isEqualTo(1);
        assertThat(spent.deletes()).as("once checkpoints grow old").isLessThanOrEqualTo(3);
        assertThat(spent.requests()).isEqualTo(4 + spent.deletes());
      }
    }
  }

  @Test
  void aColdReadIsOneGet() throws Exception {
    try (Volume volume = open()) {
      Opened file = create(volume.fileSystem(), Ino.ROOT, "file");
      volume.fileSystem().write(CALLER, file.handle(), 0, bytes(4 * MIB), false);
      volume.fileSystem().release(file.handle());
    }
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      Ino ino = files.lookup(CALLER, Ino.ROOT, FileName.of("file")).ino();
      long handle = files.open(CALLER, ino, OpenFlags.READ_ONLY);
      read(files, handle, 2 * MIB, 4 * KIB); // its tree pages are in memory now
      StoreStats before = store.snapshot();
      read(files, handle, 300 * KIB, 4 * KIB);
      assertThat(store.snapshot().since(before).requests()).isEqualTo(1);
      StoreStats again = store.snapshot();
      read(files, handle, 300 * KIB, 4 * KIB);
      assertThat(store.snapshot().since(again).requests()).as("warm").isZero();
      files.release(handle);
    }
  }

  /** Files that were unpacked together lie side by side: 63 blocks, and the pages of the tree. */
  @Test
  void aThousandSmallFilesReadColdAreAtMostTwentyGets() throws Exception {
    try (Volume volume = open()) {
      MemorySegment content = bytes(4 * KIB);
      for (int i = 0; i < 1000; i++) {
        Opened file = create(volume.fileSystem(), Ino.ROOT, "f" + i);
        volume.fileSystem().write(CALLER, file.handle(), 0, content, false);
        volume.fileSystem().release(file.handle());
      }
    }
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      StoreStats before = store.snapshot();
      for (int i = 0; i < 1000; i++) {
        Ino ino = files.lookup(CALLER, Ino.ROOT, FileName.of("f" + i)).ino();
        long handle = files.open(CALLER, ino, OpenFlags.READ_ONLY);
        read(files, handle, 0, 4 * KIB);
        files.release(handle);
      }
      StoreStats reads = store.snapshot().since(before);
      assertThat(reads.gets()).isLessThanOrEqualTo(20);
      assertThat(reads.requests()).isEqualTo(reads.gets());
    }
  }

  @Test
  void aGibibyteInOrderIsAtMost70PutsAnd160Gets() throws Exception {
    long length = 1L << 30;
    StoreStats before = store.snapshot();
    write(length, 0);
    assertThat(store.snapshot().since(before).puts()).isBetween(64L, 70L);
    assertThat(getsToReadInOrder(length)).isLessThanOrEqualTo(160);
  }

  /** As a kernel's threads write a file back: the second of two pieces first. */
  @Test
  void aFileWrittenOutOfOrderIsReadByFewGetsToo() throws Exception {
    long length = 1L << 28;
    write(length, MIB);
    assertThat(getsToReadInOrder(length)).isLessThanOrEqualTo(100);
  }

  /** Writes by pieces of a MiB, with {@code swap} turned over in their offsets. */
  private void write(long length, long swap) throws Exception {
    // Compresses well, because this bucket is in memory; segments are counted in logical bytes.
    MemorySegment content = MemorySegment.ofArray(new byte[MIB]);
    try (Volume volume = open()) {
      Opened file = create(volume.fileSystem(), Ino.ROOT, "file");
      for (long at = 0; at < length; at += MIB) {
        volume.fileSystem().write(CALLER, file.handle(), at ^ swap, content, false);
      }
      volume.fileSystem().release(file.handle());
    }
  }

  private long getsToReadInOrder(long length) throws Exception {
    try (Volume volume = open()) {
      FileSystem files = volume.fileSystem();
      Ino ino = files.lookup(CALLER, Ino.ROOT, FileName.of("file")).ino();
      long handle = files.open(CALLER, ino, OpenFlags.READ_ONLY);
      StoreStats before = store.snapshot();
      MemorySegment target = MemorySegment.ofArray(new byte[128 * KIB]);
      for (long at = 0; at < length; at += target.byteSize()) {
        assertThat(files.read(CALLER, handle, at, target)).isEqualTo((int) target.byteSize());
      }
      files.release(handle);
      return store.snapshot().since(before).gets();
    }
  }

  private Volume open() throws IOException, InterruptedException {
    Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform);
    // It looks for files without a name.
    threads.awaitEnd();
    return volume;
  }

  private static Opened create(FileSystem files, Ino parent, String name) throws FsException {
    return files.create(
        CALLER, parent, FileName.of(name), new NewNode(0100644, 0), OpenFlags.READ_WRITE);
  }

  private MemorySegment bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return MemorySegment.ofArray(bytes);
  }

  private static void read(FileSystem files, long handle, long offset, int length)
      throws FsException {
    MemorySegment target = MemorySegment.ofArray(new byte[length]);
    assertThat(files.read(CALLER, handle, offset, target)).isEqualTo(length);
  }
}
