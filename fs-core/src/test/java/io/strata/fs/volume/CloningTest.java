package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.VolumeDescriptor;
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
import io.strata.store.Attempts;
import io.strata.store.InterceptingStore;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock stands still: nothing happens in the background. */
final class CloningTest {
  private static final int KIB = 1 << 10;
  private static final Place CLONE = new Place("../clone");
  private static final Place PARENT = new Place("../parent");

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private MemStore parent = new MemStore().elsewhere(PARENT);
  private MemStore clone = parent.elsewhere(CLONE);

  @BeforeEach
  void format() throws IOException {
    Volume.format(parent, FormatOptions.DEFAULT, platform);
  }

  private Volume open(ObjectStore store) throws IOException {
    return Volume.open(store, OpenOptions.DEFAULT.withTakeOver(true), platform);
  }

  private VolumeDescriptor make(ObjectStore of, Place to, Place back, @Nullable StatePoint state)
      throws IOException {
    Cloning cloning = Cloning.begin(of, to, back, null, platform);
    try (Volume owner = open(of)) {
      owner.snapshots().keepFor(cloning.neighbour(), state);
    }
    return cloning.finish();
  }

  /** The parent has one file, and is cloned as it is then. */
  private void cloneOfParentWithA() throws IOException, FsException {
    try (Volume volume = open(parent)) {
      write(volume, "a", 300 * KIB, 1);
    }
    make(parent, CLONE, PARENT, null);
  }

  @Test
  void aCloneIsWhatItsParentWasAndGoesItsOwnWay() throws Exception {
    try (Volume volume = open(parent)) {
      write(volume, "a", 300 * KIB, 1);
      write(volume, "b", 5 * KIB, 2);
      volume.snapshots().create("then");
      write(volume, "a", 200 * KIB, 3);
    }
    VolumeDescriptor made = make(parent, CLONE, PARENT, new StatePoint.Named("then"));
    Set<ObjectKey> before = new HashSet<>(parent.keys());

    try (Volume volume = open(clone)) {
      assertThat(volume.descriptor()).isEqualTo(made);
      requireHolds(volume, "a", 300 * KIB, 1);
      requireHolds(volume, "b", 5 * KIB, 2);
      write(volume, "b", 100 * KIB, 4);
      volume.checkpoint();
      write(volume, "c", 7 * KIB, 5);
    }
    try (Volume volume = open(parent)) {
      requireHolds(volume, "a", 200 * KIB, 3);
      requireHolds(volume, "b", 5 * KIB, 2);
      remove(volume, "a");
      remove(volume, "b");
      churn(volume);
    }
    try (Volume volume = open(clone)) {
      requireHolds(volume, "a", 300 * KIB, 1);
      requireHolds(volume, "b", 100 * KIB, 4);
      requireHolds(volume, "c", 7 * KIB, 5);
    }
    assertThat(before).anyMatch(key -> key.value().startsWith(ObjectNames.SEGMENTS));
  }

  @Test
  void aKilledCloneIsRecovered() throws Exception {
    cloneOfParentWithA();
    Volume killed = open(clone);
    write(killed, "b", 90 * KIB, 2);
    overwrite(killed, "a", 10 * KIB, 3);
    killed.fileSystem().syncAll(Caller.ROOT);
    killed.abandon();
    try (Volume volume = open(clone)) {
      requireHolds(volume, "b", 90 * KIB, 2);
      byte[] a = read(volume, "a");
      assertThat(Arrays.copyOf(a, 10 * KIB)).containsOnly(3);
      assertThat(Arrays.copyOfRange(a, 10 * KIB, 300 * KIB)).containsOnly(1);
    }
  }

  @Test
  void aClonesOwnSnapshotsRollBackAndAreLookedAt() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(clone)) {
      volume.snapshots().create("as-cloned");
      remove(volume, "a");
      churn(volume);
      volume.snapshots().create("empty");
      volume.snapshots().rollback(new StatePoint.Named("as-cloned"), Outdated.NOBODY);
      requireHolds(volume, "a", 300 * KIB, 1);
      write(volume, "a", KIB, 2);
      churn(volume);
    }
    try (Volume past =
        Volume.at(clone, new StatePoint.Named("as-cloned"), OpenOptions.DEFAULT, platform)) {
      requireHolds(past, "a", 300 * KIB, 1);
    }
    try (Volume seen =
        Volume.follow(clone, OpenOptions.DEFAULT, Duration.ofMillis(100), platform)) {
      requireHolds(seen, "a", KIB, 2);
    }
  }

  @Test
  void aCloneOfACloneReadsFromBoth() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(clone)) {
      write(volume, "b", 300 * KIB, 2);
    }
    make(clone, new Place("../second"), CLONE, null);
    MemStore second = clone.elsewhere(new Place("../second"));
    try (Volume volume = open(second)) {
      write(volume, "c", 300 * KIB, 3);
    }
    try (Volume volume = open(clone)) {
      remove(volume, "a");
      remove(volume, "b");
      churn(volume);
      // What the second needs of the parent, the first needs for it.
      assertThat(newest(clone).lineage().isNone()).isFalse();
    }
    try (Volume volume = open(parent)) {
      remove(volume, "a");
      churn(volume);
      assertRefused(volume, clone);
    }
    try (Volume volume = open(second)) {
      requireHolds(volume, "a", 300 * KIB, 1);
      requireHolds(volume, "b", 300 * KIB, 2);
      requireHolds(volume, "c", 300 * KIB, 3);
    }
  }

  /** The clone still names it, because it was made before its parent had ceased to need it. */
  @Test
  void whatNobodyInBetweenNeedsAnyMoreMayGo() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(clone)) {
      remove(volume, "a");
      write(volume, "b", 30 * KIB, 2);
      volume.checkpoint();
      write(volume, "b", 30 * KIB, 3);
      volume.checkpoint();
    }
    make(clone, new Place("../second"), CLONE, null);
    MemStore second = clone.elsewhere(new Place("../second"));
    assertThat(newest(second).lineage().ancestors()).hasSize(2);
    try (Volume volume = open(clone)) {
      churn(volume);
      churn(volume);
    }
    assertThat(newest(clone).lineage().isNone()).isTrue();
    destroy(parent);
    try (Volume volume = open(second)) {
      requireHolds(volume, "b", 30 * KIB, 3);
    }
  }

  @Test
  void whatACloneNeedsStaysUntilItNeedsNothing() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(parent)) {
      remove(volume, "a");
      churn(volume);
      assertRefused(volume, clone);
    }
    assertThatThrownBy(() -> destroy(parent))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining(clone.location());
    try (Volume volume = open(clone)) {
      requireHolds(volume, "a", 300 * KIB, 1);
      remove(volume, "a");
      churn(volume);
      churn(volume);
      assertThat(newest(clone).lineage().isNone()).isTrue();
    }
    try (Volume volume = open(parent)) {
      volume.snapshots().delete(List.of(volume.snapshots().list().getFirst().name()));
      churn(volume);
      assertThat(bytes(parent)).isLessThan(100 * KIB);
    }
    destroy(parent);
    assertThat(parent.keys()).isEmpty();
    open(clone).close();
  }

  @Test
  void aCloneIsMadeWhole() throws Exception {
    try (Volume volume = open(parent)) {
      for (int i = 0; i < 3000; i++) {
        volume.fileSystem().release(make(volume.fileSystem(), "file " + i).handle());
      }
      write(volume, "a", 300 * KIB, 1);
      volume.checkpoint();
      write(volume, "b", 700 * KIB, 2);
    }
    make(parent, CLONE, PARENT, null);
    try (Volume volume = open(clone)) {
      volume.snapshots().create("mine");
      assertThatThrownBy(volume::gather)
          .isInstanceOf(VolumeException.class)
          .hasMessageContaining("mine");
      volume.snapshots().delete(List.of("mine"));
      volume.gather();
      assertThat(newest(clone).lineage().isNone()).isTrue();
      requireHolds(volume, "a", 300 * KIB, 1);
    }
    destroy(parent);
    assertThat(parent.keys()).isEmpty();
    try (Volume volume = open(clone)) {
      requireHolds(volume, "a", 300 * KIB, 1);
      requireHolds(volume, "b", 700 * KIB, 2);
      assertThat(volume.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of("file 2999")).size())
          .isZero();
    }
  }

  @Test
  void aDestroyedCloneTakesNothingOfItsParent() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(clone)) {
      remove(volume, "a");
      write(volume, "b", 300 * KIB, 2);
    }
    destroy(clone);
    assertThat(clone.keys()).isEmpty();
    try (Volume volume = open(parent)) {
      requireHolds(volume, "a", 300 * KIB, 1);
      volume.snapshots().delete(List.of(volume.snapshots().list().getFirst().name()));
      requireHolds(volume, "a", 300 * KIB, 1);
    }
  }

  @Test
  void aParentThatIsNotThereIsNamed() throws Exception {
    make(parent, CLONE, PARENT, null);
    parent.delete(parent.keys());
    assertThatThrownBy(() -> open(clone))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining(parent.location());
    Volume.format(parent, FormatOptions.DEFAULT, platform);
    assertThatThrownBy(() -> open(clone))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining(parent.location());
    assertThatThrownBy(() -> destroy(clone)).isInstanceOf(VolumeException.class);
    Destruction.destroy(clone, OpenOptions.DEFAULT, true, gone -> {}, platform);
    assertThat(clone.keys()).isEmpty();
  }

  /** However much the parent holds. */
  @ParameterizedTest
  @ValueSource(ints = {10, 10_000})
  void cloningAndOpeningCostTheSame(int files) throws Exception {
    MeteredStore counted = new MeteredStore(parent, clock);
    try (Volume volume = open(parent)) {
      for (int i = 0; i < files; i++) {
        volume.fileSystem().release(make(volume.fileSystem(), "file " + i).handle());
      }
      volume.checkpoint();
    }
    StoreStats before = counted.snapshot();
    open(counted).close();
    long opening = counted.snapshot().since(before).requests();

    before = counted.snapshot();
    make(counted, CLONE, PARENT, null);
    assertThat(counted.snapshot().since(before).requests() - opening).isLessThanOrEqualTo(16);

    MeteredStore cloned = new MeteredStore(clone, clock);
    open(cloned).close();
    assertThat(cloned.snapshot().requests()).isLessThanOrEqualTo(opening + 1);
  }

  @Test
  void aCloneThatWasInterruptedIsFinishedByDoingItAgain() throws Exception {
    try (Volume volume = open(parent)) {
      write(volume, "a", 300 * KIB, 1);
      volume.snapshots().create("then");
      remove(volume, "a");
      churn(volume);
    }
    MemStore origin = parent;
    for (int last = 0; ; last++) {
      parent = origin.copy();
      clone = parent.elsewhere(CLONE);
      boolean done =
          interrupted(last, store -> make(store, CLONE, PARENT, new StatePoint.Named("then")));
      if (!done) {
        try (Volume volume = open(parent)) {
          requireNoSnapshotIsLost(volume);
          churn(volume);
        }
        if (!isVolume(clone)) {
          make(parent, CLONE, PARENT, new StatePoint.Named("then"));
        }
      }
      try (Volume volume = open(clone)) {
        requireHolds(volume, "a", 300 * KIB, 1);
      }
      if (done) {
        assertThat(last).isGreaterThan(10);
        return;
      }
    }
  }

  /** A snapshot for a clone is not given up while the clone may still come to be. */
  private void requireNoSnapshotIsLost(Volume volume) throws IOException {
    boolean begun = clone.head(ObjectNames.VOLUME).isPresent();
    for (NamedSnapshot each : volume.snapshots().list()) {
      if (each.keptFor() != null) {
        assertThat(begun).isTrue();
        assertThatThrownBy(() -> volume.snapshots().delete(List.of(each.name())))
            .isInstanceOf(VolumeException.class);
      }
    }
  }

  @Test
  void aDestructionThatWasInterruptedIsFinishedByDoingItAgain() throws Exception {
    cloneOfParentWithA();
    try (Volume volume = open(clone)) {
      overwrite(volume, "a", 9 * KIB, 2);
      volume.snapshots().create("s");
      write(volume, "b", 20 * KIB, 3);
    }
    MemStore origin = clone;
    for (int last = 0; ; last++) {
      clone = origin.copy();
      parent = clone.elsewhere(PARENT);
      ObjectStore dying = dying(clone, last);
      boolean done = true;
      try {
        destroy(dying);
      } catch (IOException e) {
        done = false;
        if (clone.head(ObjectNames.VOLUME).isPresent()) {
          destroy(clone);
        }
      }
      assertThat(clone.keys()).isEmpty();
      try (Volume volume = open(parent)) {
        requireHolds(volume, "a", 300 * KIB, 1);
        volume.snapshots().delete(List.of(volume.snapshots().list().getFirst().name()));
        requireHolds(volume, "a", 300 * KIB, 1);
      }
      if (done) {
        assertThat(last).isGreaterThan(10);
        return;
      }
    }
  }

  private interface Doing {
    void with(ObjectStore store) throws Exception;
  }

  private boolean interrupted(int last, Doing doing) throws Exception {
    try {
      doing.with(dying(parent, last));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A store that answers so many requests and then no more, as after a crash. */
  private static ObjectStore dying(ObjectStore store, int last) {
    AtomicInteger requests = new AtomicInteger();
    return new InterceptingStore(store) {
      @Override
      protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
          throws StoreException {
        int number = requests.getAndIncrement();
        // Every other one still takes effect, but nobody learns of it.
        if (number < last || (number == last && last % 2 == 1)) {
          T answer = request.send();
          if (number < last) {
            return answer;
          }
        }
        throw new StoreException.Refused("the process was killed", null);
      }
    };
  }

  private boolean isVolume(ObjectStore store) throws IOException {
    return !store.list(ObjectNames.HEADS, "", ListPage.KEYS_MAX).entries().isEmpty();
  }

  private void destroy(ObjectStore store) throws IOException {
    Destruction.destroy(
        store, OpenOptions.DEFAULT.withTakeOver(true), false, gone -> {}, platform);
  }

  private Head newest(ObjectStore store) throws IOException {
    return new Heads(
            store, new OncePut(store, platform), VolumeObject.read(store).orElseThrow().id())
        .newest()
        .orElseThrow()
        .head();
  }

  private static void assertRefused(Volume owner, ObjectStore clone) {
    List<NamedSnapshot> kept =
        owner.snapshots().list().stream().filter(each -> each.keptFor() != null).toList();
    assertThat(kept).hasSize(1);
    assertThatThrownBy(() -> owner.snapshots().delete(List.of(kept.getFirst().name())))
        .isInstanceOfSatisfying(
            VolumeException.class,
            e -> assertThat(e.reason()).isEqualTo(VolumeException.Reason.REFUSED))
        .hasMessageContaining(clone.location());
  }

  private static long bytes(MemStore store) throws StoreException {
    long bytes = 0;
    for (ObjectKey key : store.keys()) {
      bytes += store.head(key).orElse(0L);
    }
    return bytes;
  }

  /** Makes so many checkpoints, over so long a time, that none from before is retained. */
  private void churn(Volume volume) throws Exception {
    clock.advance(Duration.ofHours(26));
    for (int i = 0; i < 20; i++) {
      write(volume, "churn", KIB, 9);
      volume.checkpoint();
    }
  }

  private static Opened make(FileSystem files, String name) throws FsException {
    return files.create(
        Caller.ROOT,
        Ino.ROOT,
        FileName.of(name),
        new NewNode(0100644, 0),
        OpenFlags.READ_WRITE);
  }

  private static void write(Volume volume, String name, int length, int value)
      throws FsException {
    remove(volume, name);
    volume.fileSystem().release(make(volume.fileSystem(), name).handle());
    overwrite(volume, name, length, value);
  }

  private static void overwrite(Volume volume, String name, int length, int value)
      throws FsException {
    FileSystem files = volume.fileSystem();
    Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_WRITE);
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    files.write(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes), false);
    files.release(handle);
  }

  private static void remove(Volume volume, String name) throws FsException {
    try {
      volume.fileSystem().unlink(Caller.ROOT, Ino.ROOT, FileName.of(name));
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENOENT);
    }
  }

  private static byte[] read(Volume volume, String name) throws FsException {
    FileSystem files = volume.fileSystem();
    var file = files.lookup(Caller.ROOT, Ino.ROOT, FileName.of(name));
    long handle = files.open(Caller.ROOT, file.ino(), OpenFlags.READ_ONLY);
    MemorySegment target = MemorySegment.ofArray(new byte[(int) file.size()]);
    assertThat(files.read(Caller.ROOT, handle, 0, target)).isEqualTo((int) file.size());
    files.release(handle);
    return target.toArray(ValueLayout.JAVA_BYTE);
  }

  private static void requireHolds(Volume volume, String name, int length, int value)
      throws FsException {
    assertThat(read(volume, name)).hasSize(length).containsOnly(value);
  }
}
