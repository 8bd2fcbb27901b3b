package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.NamedSnapshot;
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
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock stands still: nothing happens in the background. */
final class SnapshotsTest {
  private static final int KIB = 1 << 10;

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private final MemStore bucket = new MemStore();
  private final MeteredStore store = new MeteredStore(bucket, clock);
  private final Random random = new Random(1);

  @BeforeEach
  void format() throws IOException {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
  }

  private Volume open() throws IOException {
    return Volume.open(store, OpenOptions.DEFAULT, platform);
  }

  @Test
  void snapshotsOutliveTheirOwner() throws Exception {
    NamedSnapshot first;
    try (Volume volume = open()) {
      write(volume.fileSystem(), "file", 4 * KIB);
      first = volume.snapshots().create("first");
      assertThat(first.checkpoint().number()).isEqualTo(volume.statistics().head());
      assertThat(first.checkpoint().counters().usedBytes()).isEqualTo(4 * KIB);
      write(volume.fileSystem(), "file", 8 * KIB);
      volume.snapshots().create("second");
    }
    for (int i = 0; i < 20; i++) {
      open().close();
    }
    try (Volume volume = open()) {
      assertThat(volume.snapshots().list())
          .extracting(NamedSnapshot::name)
          .containsExactly("first", "second");
      assertThat(volume.snapshots().list()).contains(first);
      assertThat(bucket.keys()).contains(ObjectNames.head(first.checkpoint().number()));
    }
  }

  /** Whatever the volume holds: segment and pack of what changed, a head, and its listing. */
  @ParameterizedTest
  @ValueSource(ints = {10, 20_000})
  void creatingOneCostsWhatChanged(int files) throws Exception {
    try (Volume volume = open()) {
      for (int i = 0; i < files; i++) {
        Opened made = make(volume.fileSystem(), "file " + i);
        volume.fileSystem().release(made.handle());
      }
      volume.checkpoint();
      write(volume.fileSystem(), "one more", 4 * KIB);
      volume.fileSystem().syncAll(Caller.ROOT);
      StoreStats before = store.snapshot();
      volume.snapshots().create("a");
      StoreStats changed = store.snapshot().since(before);
      assertThat(changed.puts()).isEqualTo(3);
      assertThat(changed.requests()).isEqualTo(4);

      StoreStats idle = store.snapshot();
      volume.snapshots().create("b");
      assertThat(store.snapshot().since(idle).puts()).isEqualTo(1);
      assertThat(store.snapshot().since(idle).requests()).isEqualTo(2);
    }
  }

  @Test
  void whatOnlyASnapshotNeedsGoesWithIt() throws Exception {
    try (Volume volume = open()) {
      write(volume.fileSystem(), "file", 300 * KIB);
      volume.snapshots().create("keep");
      List<String> segments = segments();
      assertThat(segments).isNotEmpty();
      volume.fileSystem().unlink(Caller.ROOT, Ino.ROOT, FileName.of("file"));
      churn(volume);
      assertThat(segments()).containsAll(segments);

      volume.snapshots().delete(List.of("keep"));
      assertThat(segments()).doesNotContainAnyElementsOf(segments);
      churn(volume);
      assertThat(volume.snapshots().list()).isEmpty();
    }
  }

  /** Makes so many checkpoints, over so long a time, that none from before is retained. */
  private void churn(Volume volume) throws Exception {
    clock.advance(Duration.ofHours(26));
    for (int i = 0; i < 20; i++) {
      write(volume.fileSystem(), "churn", KIB);
      volume.checkpoint();
    }
  }

  @Test
  void namesThatCannotBeAreRefused() throws Exception {
    try (Volume volume = open()) {
      Snapshots snapshots = volume.snapshots();
      snapshots.create("taken");
      StoreStats before = store.snapshot();
      assertRefused(() -> snapshots.create("taken"), "already");
      assertRefused(() -> snapshots.create("17"), "a number means a head");
      assertRefused(() -> snapshots.create("a/b"), "slash");
      assertRefused(() -> snapshots.delete(List.of("taken", "other")), "no snapshot other");
      assertThat(store.snapshot().since(before).requests()).isZero();
      assertThat(snapshots.list()).hasSize(1);
    }
    try (Volume volume = Volume.open(bucket, OpenOptions.DEFAULT.withReadOnly(true), platform)) {
      assertThat(volume.snapshots().list()).hasSize(1);
      assertRefused(() -> volume.snapshots().create("other"), "reading only");
      assertRefused(() -> volume.snapshots().delete(List.of("taken")), "reading only");
    }
  }

  @Test
  void whoHasLostTheVolumeMakesNone() throws Exception {
    Volume sleeper = open();
    try (Volume volume =
        Volume.open(store, OpenOptions.DEFAULT.withTakeOver(true), platform)) {
      assertThatThrownBy(() -> sleeper.snapshots().create("late"))
          .isInstanceOfSatisfying(
              VolumeException.class,
              e -> assertThat(e.reason()).isEqualTo(VolumeException.Reason.FENCED));
      sleeper.abandon();
      assertThat(volume.snapshots().list()).isEmpty();
    }
  }

  private static void assertRefused(ThrowingCallable attempt, String why) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(
            VolumeException.class,
            e -> assertThat(e.reason()).isEqualTo(VolumeException.Reason.REFUSED))
        .hasMessageContaining(why);
  }

  private List<String> segments() {
    return bucket.keys().stream()
        .map(key -> key.value())
        .filter(key -> key.startsWith(ObjectNames.SEGMENTS))
        .toList();
  }

  private static Opened make(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT,
        Ino.ROOT,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE);
  }

  private void write(FileSystem files, String name, int length) throws FsException {
    Opened file = make(files, name);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    files.write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(bytes), false);
    files.release(file.handle());
  }
}
