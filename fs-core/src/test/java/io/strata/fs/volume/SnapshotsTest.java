package io.strata.fs.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
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
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** The rules are the volume's, whoever has it and wherever it goes back to. */
  @Test
  void theScheduleOutlivesItsOwnerAndARollback() throws Exception {
    List<KeepRule> rules = List.of(new KeepRule(Duration.ofHours(1), 24));
    try (Volume volume = open()) {
      volume.snapshots().create("before");
      StoreStats before = store.snapshot();
      volume.snapshots().schedule(rules);
      assertThat(store.snapshot().since(before).puts()).isEqualTo(1);
      volume.snapshots().rollback(new StatePoint.Named("before"), Outdated.NOBODY);
      assertThat(volume.snapshots().schedule()).isEqualTo(rules);
    }
    try (Volume volume = open()) {
      write(volume.fileSystem(), "file", KIB);
      volume.checkpoint();
      assertThat(volume.snapshots().schedule()).isEqualTo(rules);
      volume.snapshots().schedule(List.of());
    }
    try (Volume volume = Volume.open(bucket, OpenOptions.DEFAULT.withReadOnly(true), platform)) {
      assertThat(volume.snapshots().schedule()).isEmpty();
      assertRefused(() -> volume.snapshots().schedule(rules), "reading only");
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

  /** Writers go on; each file is whole afterwards, and the log leads to what memory has. */
  @Test
  void aRollbackAmongWritersLosesNothingThatCameAfterIt() throws Exception {
    Volume volume = open();
    write(volume.fileSystem(), "before", 4 * KIB);
    volume.snapshots().create("s");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "writer " + i;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                Random own = new Random(1);
                for (int n = 0; !stop.get(); n++) {
                  writePattern(volume.fileSystem(), name + "-" + n, 1 + own.nextInt(60 * KIB));
                  written.incrementAndGet();
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    for (int i = 0; i < 5; i++) {
      int before = written.get();
      while (written.get() < before + 20) {
        Thread.onSpinWait();
      }
      volume.snapshots().rollback(new StatePoint.Named("s"), Outdated.NOBODY);
      assertThat(volume.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of("before")).size())
          .isEqualTo(4 * KIB);
    }
    stop.set(true);
    for (CompletableFuture<Void> writer : writers) {
      writer.get();
    }
    Map<String, Long> files = patterns(volume.fileSystem());
    volume.fileSystem().syncAll(Caller.ROOT);
    volume.abandon();
    try (Volume again = Volume.open(store, OpenOptions.DEFAULT.withTakeOver(true), platform)) {
      assertThat(patterns(again.fileSystem())).isEqualTo(files);
    }
  }

  /** Writes a file whose bytes are all the same; a file that is replaced while it is, is stale. */
  private static void writePattern(FileSystem files, String name, int length) {
    try {
      Opened file = make(files, name);
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 7);
      try {
        files.write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(bytes), false);
      } finally {
        files.release(file.handle());
      }
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.ESTALE);
    }
  }

  /** All files with their lengths; reads every byte. */
  private static Map<String, Long> patterns(FileSystem files) throws FsException {
    Map<String, Long> found = new TreeMap<>();
    List<String> names = new ArrayList<>();
    long directory = files.openDirectory(Caller.ROOT, Ino.ROOT);
    files.readDirectory(
        Caller.ROOT,
        directory,
        0,
        false,
        (name, ino, type, cookie, attributes) -> names.add(new String(name, UTF_8)));
    files.releaseDirectory(directory);
    names.removeIf(name -> !name.startsWith("writer"));
    for (String name : names) {
      Attributes file = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name));
      long handle = files.open(Caller.ROOT, file.ino(), OpenFlags.READ_ONLY);
      MemorySegment target = MemorySegment.ofArray(new byte[(int) file.size()]);
      assertThat(files.read(Caller.ROOT, handle, 0, target)).isEqualTo((int) file.size());
      byte[] expected = new byte[(int) file.size()];
      Arrays.fill(expected, (byte) 7);
      assertThat(target.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
      files.release(handle);
      found.put(name, file.size());
    }
    return found;
  }
}
