package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.Outdated;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock stands still but where a test moves it. */
final class PastVolumeTest {
  private static final int KIB = 1 << 10;
  private static final FileName FILE = FileName.of("file");

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

  private Volume open() throws IOException {
    return Volume.open(bucket, OpenOptions.DEFAULT.withTakeOver(true), platform);
  }

  private Volume at(String state) throws IOException {
    return Volume.at(bucket, StatePoint.parse(state), OpenOptions.DEFAULT, platform);
  }

  @Test
  void aSnapshotIsReadAsItWasBesideTheLiveVolume() throws Exception {
    try (Volume volume = open()) {
      byte[] before = write(volume, 100 * KIB);
      long head = volume.snapshots().create("before").checkpoint().number();
      byte[] after = write(volume, 300 * KIB);
      volume.checkpoint();
      churn(volume);

      for (String name : List.of("before", Long.toString(head))) {
        try (Volume past = at(name)) {
          assertThat(read(past)).isEqualTo(before);
          assertThat(past.statistics().head()).isEqualTo(head);
          assertThatThrownBy(() -> make(past.fileSystem(), "other"))
              .isInstanceOfSatisfying(
                  FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
        }
      }
      assertThat(read(volume)).isEqualTo(after);
    }
  }

  @Test
  void openingAStateWritesNothingAndReadsLittle() throws Exception {
    try (Volume volume = open()) {
      write(volume, KIB);
      volume.snapshots().create("a");
      write(volume, KIB);
      MeteredStore store = new MeteredStore(bucket, clock);
      Volume.at(store, StatePoint.parse("a"), OpenOptions.DEFAULT, platform).close();
      // The descriptor, the newest head by its listing, and the snapshot's.
      assertThat(store.snapshot().requests()).isEqualTo(4);
      assertThat(store.snapshot().puts()).isZero();
    }
  }

  @Test
  void everyLogEntryIsAStateOfItsOwn() throws Exception {
    byte[][] written = new byte[6][];
    Epoch epoch;
    try (Volume volume = open()) {
      epoch = new Epoch(volume.statistics().epoch());
      volume.checkpoint();
      for (int i = 0; i < written.length; i++) {
        written[i] = write(volume, i % 2 == 0 ? KIB : 300 * KIB);
        volume.fileSystem().syncAll(Caller.ROOT);
      }
      volume.checkpoint();
      write(volume, KIB);
      volume.checkpoint();
    }
    Volume later = open();
    try {
      write(later, KIB);
      later.fileSystem().syncAll(Caller.ROOT);
      int readable = 0;
      for (int i = 0; i < written.length; i++) {
        try (Volume past = at(new LogPosition(epoch, i).toString())) {
          Attributes file = past.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FILE);
          assertThat(file.size()).isEqualTo(written[i].length);
          readable += readOrTold(past, written[i]) ? 1 : 0;
        }
      }
      assertThat(readable).isGreaterThanOrEqualTo(written.length / 2);
      assertRefused(new LogPosition(epoch, 99).toString(), "no log entry");
    } finally {
      later.abandon();
    }
  }

  /**
   * What was replaced before the next checkpoint lives again, is written again from the log, or is
   * what the volume does not go back for.
   */
  @Test
  void theVolumeGoesBackToALogEntryAndForthAgain() throws Exception {
    byte[][] written = new byte[8][];
    Epoch epoch;
    try (Volume volume = open()) {
      epoch = new Epoch(volume.statistics().epoch());
      volume.checkpoint();
      for (int i = 0; i < written.length; i++) {
        written[i] = write(volume, i % 3 == 0 ? 300 * KIB : KIB);
        make(volume.fileSystem(), "made after " + i);
        volume.fileSystem().syncAll(Caller.ROOT);
        if (i == 5) {
          volume.checkpoint();
        }
      }
    }
    int whole = 0;
    for (int i = 0; i < written.length; i++) {
      MemStore copy = bucket.copy();
      StatePoint entry = new StatePoint.Entry(new LogPosition(epoch, i));
      try (Volume volume = Volume.open(copy, OpenOptions.DEFAULT, platform)) {
        byte[] last = read(volume);
        String undo;
        try {
          undo = volume.snapshots().rollback(entry, Outdated.NOBODY).name();
        } catch (VolumeException e) {
          assertThat(e).hasMessageContaining("kept no longer");
          assertThat(read(volume)).isEqualTo(last);
          continue;
        }
        whole++;
        assertThat(read(volume)).as("entry %d", i).isEqualTo(written[i]);
        assertThat(find(volume, "made after " + i).size()).isZero();
        int later = i + 1;
        assertThatThrownBy(() -> find(volume, "made after " + later))
            .isInstanceOf(FsException.class);
        volume.checkpoint();
        volume.snapshots().rollback(new StatePoint.Named(undo), Outdated.NOBODY);
        assertThat(read(volume)).isEqualTo(last);
        volume.snapshots().rollback(entry, Outdated.NOBODY);
        churn(volume);
      }
      try (Volume volume = Volume.open(copy, OpenOptions.DEFAULT, platform)) {
        assertThat(read(volume)).as("entry %d later", i).isEqualTo(written[i]);
      }
    }
    // What was synced small rode in the log.
    assertThat(whole).isGreaterThanOrEqualTo(5);
  }

  /** The store had it before the entry was cut, and the group that records it came later. */
  @Test
  void aSegmentThatNoEntryMentionsIsLookedFor() throws Exception {
    byte[] written;
    LogPosition entry;
    try (Volume volume = open()) {
      entry = LogPosition.start(new Epoch(volume.statistics().epoch()));
      written = write(volume, 400 * KIB);
      volume.fileSystem().syncAll(Caller.ROOT);
    }
    withoutSegments(entry);
    try (Volume past = at(entry.toString())) {
      assertThat(read(past)).isEqualTo(written);
    }
    try (Volume volume = open()) {
      volume.snapshots().rollback(new StatePoint.Entry(entry), Outdated.NOBODY);
      assertThat(read(volume)).isEqualTo(written);
    }
  }

  /** Puts another entry in an entry's place, which tells nothing of segments. */
  private void withoutSegments(LogPosition position) throws Exception {
    VolumeId volume = VolumeObject.read(bucket).orElseThrow().id();
    ByteBuffer whole = bucket.get(position.key(), ByteRange.ALL);
    LogEntry.Groups entry = (LogEntry.Groups) EntryCodec.open(volume, position, whole);
    assertThat(entry.dependencies()).isNotEmpty();
    List<byte[]> groups = new ArrayList<>();
    for (byte[] group : entry.groups()) {
      List<Mutation> mutations = new ArrayList<>(MutationCodec.decode(group));
      mutations.removeIf(mutation -> mutation instanceof Mutation.SegmentPut);
      groups.add(MutationCodec.encode(mutations));
    }
    LogEntry.Groups silent =
        new LogEntry.Groups(
            position, entry.head(), entry.firstGroup(), List.of(), groups, entry.inline());
    bucket.put(position.key(), EntryCodec.frame(volume, silent).toBytes());
  }

  /** Entries that no kept head leads to are not listed, though they are there. */
  @Test
  void everyEntryThatIsListedCanBeLookedAt() throws Exception {
    try (Volume volume = open()) {
      for (int i = 0; i < 60; i++) {
        write(volume, KIB);
        volume.fileSystem().syncAll(Caller.ROOT);
        if (i % 2 == 1) {
          volume.checkpoint();
        }
      }
    }
    List<LogPosition> listed = new ArrayList<>();
    LogHistory.read(
        bucket,
        OpenOptions.DEFAULT,
        platform,
        LogPosition.start(new Epoch(1)),
        point -> listed.add(point.position()));
    assertThat(listed).hasSizeGreaterThan(10);
    for (LogPosition each : listed) {
      at(each.toString()).close();
    }
    LogPosition first = listed.getFirst();
    assertRefused(
        new LogPosition(first.epoch(), first.sequence() - 1).toString(), "begins at " + first);
  }

  /** Bytes that were replaced before the next checkpoint may be gone; others are never shown. */
  private static boolean readOrTold(Volume past, byte[] expected) throws FsException {
    try {
      assertThat(read(past)).isEqualTo(expected);
      return true;
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.EIO);
      assertThat(e).hasMessageContaining("between two checkpoints");
      return false;
    }
  }

  @Test
  void aTimeMeansWhatHadHappenedByThen() throws Exception {
    byte[][] written = new byte[6][];
    Instant[] times = new Instant[written.length];
    try (Volume volume = open()) {
      for (int i = 0; i < written.length; i++) {
        written[i] = write(volume, KIB + i);
        volume.fileSystem().syncAll(Caller.ROOT);
        times[i] = clock.now();
        clock.advance(Duration.ofSeconds(3));
        if (i == 2) {
          volume.checkpoint();
        }
      }
      for (int i = 0; i < written.length; i++) {
        try (Volume past = at(times[i].plusSeconds(1).toString())) {
          assertThat(read(past)).as("state %d", i).isEqualTo(written[i]);
        }
      }
      assertRefused("2025-12-31T00:00:00Z", "nothing is kept from before");
    }
  }

  @Test
  void aStateThatIsLetGoWhileItIsOpenIsStale() throws Exception {
    try (Volume volume = open()) {
      write(volume, 100 * KIB);
      volume.checkpoint();
      RetainedCheckpoint head = newest(volume);
      write(volume, KIB);
      volume.checkpoint();
      try (Volume past = at(Long.toString(head.number()))) {
        Attributes file = past.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FILE);
        churn(volume);
        long handle = past.fileSystem().open(Caller.ROOT, file.ino(), OpenFlags.READ_ONLY);
        MemorySegment target = MemorySegment.ofArray(new byte[KIB]);
        assertThatThrownBy(() -> past.fileSystem().read(Caller.ROOT, handle, 0, target))
            .isInstanceOfSatisfying(
                FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE))
            .hasMessageContaining("kept no longer");
      }
      assertRefused(Long.toString(head.number()), "not kept");
      assertRefused("nobody", "no snapshot nobody");
    }
  }

  private RetainedCheckpoint newest(Volume volume) throws IOException {
    // A snapshot is the shortest way to a head's number from outside.
    RetainedCheckpoint head = volume.snapshots().create("newest").checkpoint();
    volume.snapshots().delete(List.of("newest"));
    return head;
  }

  private void assertRefused(String state, String why) {
    assertThatThrownBy(() -> at(state))
        .isInstanceOfSatisfying(
            VolumeException.class,
            e -> assertThat(e.reason()).isEqualTo(VolumeException.Reason.REFUSED))
        .hasMessageContaining(why);
  }

  /** Makes so many checkpoints, over so long a time, that none from before is retained. */
  private void churn(Volume volume) throws Exception {
    for (int i = 0; i < 40; i++) {
      clock.advance(Duration.ofHours(1));
      make(volume.fileSystem(), "churn " + clock.now());
      volume.checkpoint();
    }
  }

  private static Opened make(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT,
        Ino.ROOT,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE | OpenFlags.TRUNCATE);
  }

  private static Attributes find(Volume volume, String name) throws FsException {
    return volume.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of(name));
  }

  private byte[] write(Volume volume, int length) throws FsException {
    FileSystem files = volume.fileSystem();
    Opened file = make(files, FILE.toString());
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    files.write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(bytes), false);
    files.release(file.handle());
    return bytes;
  }

  private static byte[] read(Volume volume) throws FsException {
    FileSystem files = volume.fileSystem();
    Attributes file = files.lookup(Caller.ROOT, Ino.ROOT, FILE);
    long handle = files.open(Caller.ROOT, file.ino(), OpenFlags.READ_ONLY);
    MemorySegment target = MemorySegment.ofArray(new byte[(int) file.size()]);
    assertThat(files.read(Caller.ROOT, handle, 0, target)).isEqualTo((int) file.size());
    files.release(handle);
    return target.toArray(ValueLayout.JAVA_BYTE);
  }
}
