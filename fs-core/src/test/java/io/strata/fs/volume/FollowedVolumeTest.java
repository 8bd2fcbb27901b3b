package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The owner's clock stands still; the follower's goes on when a test says so. */
final class FollowedVolumeTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Duration AGE = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final OpenOptions TAKE_OVER = OpenOptions.DEFAULT.withTakeOver(true);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualClock clock = ManualClock.startingAt(START);
  private final Platform ownerPlatform = platform(ManualClock.startingAt(START));
  private final Platform platform = platform(clock);
  private final MemStore bucket = new MemStore();
  private final AtomicBoolean away = new AtomicBoolean();
  private final MeteredStore store =
      new MeteredStore(
          new FaultStore(bucket, request -> away.get() ? Fault.FAIL_BEFORE : Fault.PASS), clock);
  private final Random random = new Random(1);
  private Volume owner;
  private Volume follower;

  private static Platform platform(ManualClock clock) {
    return new Platform(
        clock,
        new SplittableRandom(1),
        ForkJoinPool.commonPool(),
        task -> Thread.ofVirtual().start(task));
  }

  @BeforeEach
  void open() throws IOException {
    Volume.format(bucket, FormatOptions.DEFAULT, ownerPlatform);
    owner = Volume.open(bucket, TAKE_OVER, ownerPlatform);
    follower = Volume.follow(store, OpenOptions.DEFAULT, AGE, platform);
  }

  @AfterEach
  void close() throws IOException {
    follower.close();
    owner.abandon();
  }

  private FollowStatistics following() {
    return Objects.requireNonNull(follower.statistics().follow());
  }

  private static Ino find(Volume volume, String name) throws FsException {
    return volume.fileSystem().lookup(Caller.ROOT, Ino.ROOT, FileName.of(name)).ino();
  }

  private static boolean has(Volume volume, String name) throws FsException {
    try {
      find(volume, name);
      return true;
    } catch (FsException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENOENT);
      return false;
    }
  }

  /** Makes or replaces what a file holds, without a sync. */
  private byte[] write(String name, int length) throws FsException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    FileSystem files = owner.fileSystem();
    long handle =
        files
            .create(
                Caller.ROOT,
                Ino.ROOT,
                FileName.of(name),
                new NewNode(0100644, 0),
                OpenFlags.READ_WRITE | OpenFlags.TRUNCATE)
            .handle();
    files.write(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes), false);
    files.release(handle);
    return bytes;
  }

  private void sync() throws FsException {
    owner.fileSystem().syncAll(Caller.ROOT);
  }

  private static byte[] read(Volume volume, String name) throws FsException {
    Ino ino = find(volume, name);
    FileSystem files = volume.fileSystem();
    byte[] bytes = new byte[(int) files.attributes(Caller.ROOT, ino).size()];
    long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_ONLY);
    try {
      int read = files.read(Caller.ROOT, handle, 0, MemorySegment.ofArray(bytes));
      assertThat(read).isEqualTo(bytes.length);
    } finally {
      files.release(handle);
    }
    return bytes;
  }

  private List<ObjectKey> keys(String prefix) {
    return bucket.keys().stream().filter(key -> key.value().startsWith(prefix)).toList();
  }

  @Test
  void whatIsDurableIsSeenInTime() throws Exception {
    byte[] bytes = write("a", 1000);
    assertThat(has(follower, "a")).isFalse();
    sync();
    assertThat(has(follower, "a")).as("nobody has looked").isFalse();
    clock.advance(QUIET);
    assertThat(Arrays.equals(read(follower, "a"), bytes)).isTrue();
    assertThat(follower.statistics().space().inodes()).isEqualTo(2);
  }

  @Test
  void nothingIsWrittenToTheBucket() throws Exception {
    write("a", MIB);
    sync();
    clock.advance(Duration.ofMinutes(10));
    assertThat(has(follower, "a")).isTrue();
    StoreStats stats = store.snapshot();
    assertThat(stats.puts() + stats.deletes()).isZero();
    assertThatThrownBy(() -> follower.fileSystem().unlink(Caller.ROOT, Ino.ROOT, FileName.of("a")))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EROFS));
  }

  @Test
  void aQuietPollIsThreeRequests() throws Exception {
    write("a", 10);
    sync();
    follower.close();
    follower = Volume.follow(store, OpenOptions.DEFAULT, AGE, platform);
    has(follower, "a");
    StoreStats before = store.snapshot();
    // 0.2, 0.4, 0.8 seconds apart, then one a second, as long as somebody asks.
    for (int second = 0; second < 50; second++) {
      clock.advance(Duration.ofSeconds(1));
      has(follower, "a");
    }
    StoreStats spent = store.snapshot().since(before);
    assertThat(following().polls()).isEqualTo(3 + 48);
    assertThat(spent.requests()).isEqualTo(3 * following().polls());
    assertThat(spent.lists()).isZero();
  }

  @Test
  void whereNoEntryTellsOfGapsHeadsAreListedNowAndThen() throws Exception {
    StoreStats before = store.snapshot();
    clock.advance(Duration.ofSeconds(50));
    StoreStats spent = store.snapshot().since(before);
    assertThat(following().polls()).isEqualTo(3 + 48);
    assertThat(spent.lists()).isEqualTo(following().polls() / 8);
    assertThat(spent.gets()).isEqualTo(2 * following().polls());
    assertThat(spent.requests()).isEqualTo(spent.gets() + spent.lists());
  }

  @Test
  void headsThatCameAndWentBetweenTwoPollsAreNoticed() throws Exception {
    write("first", 10);
    sync();
    clock.advance(QUIET);
    assertThat(has(follower, "first")).isTrue();
    for (int i = 0; i < 40; i++) {
      write("file" + i, 10);
      owner.checkpoint();
    }
    // Not only the one who asks after a pause: a poll that nobody waits for.
    clock.advance(QUIET);
    assertThat(has(follower, "file39")).isTrue();
  }

  @Test
  void whenNobodyAsksAPollIsRare() throws Exception {
    write("first", 10);
    sync();
    has(follower, "a");
    clock.advance(Duration.ofMinutes(1).plusSeconds(10));
    long polls = following().polls();
    StoreStats before = store.snapshot();
    clock.advance(Duration.ofHours(1));
    assertThat(following().polls() - polls).isEqualTo(360);
    assertThat(store.snapshot().since(before).requests()).isEqualTo(1080);

    write("a", 10);
    sync();
    clock.advance(Duration.ofSeconds(9));
    assertThat(has(follower, "a")).as("the first to ask has a poll made").isTrue();
  }

  @Test
  void whileThingsMoveAPollIsSoon() throws Exception {
    for (int i = 0; i < 20; i++) {
      write("file" + i, 10);
      sync();
      clock.advance(AGE.dividedBy(10));
      assertThat(has(follower, "file" + i)).isTrue();
    }
    assertThat(following().polls()).isEqualTo(20);
  }

  @Test
  void bytesThatOnlyTheLogHasAreRead() throws Exception {
    byte[] one = write("one", 5000);
    sync();
    byte[] two = write("two", 70_000);
    sync();
    clock.advance(QUIET);
    assertThat(keys(ObjectNames.SEGMENTS)).isEmpty();
    assertThat(Arrays.equals(read(follower, "one"), one)).isTrue();
    assertThat(Arrays.equals(read(follower, "two"), two)).isTrue();
    assertThat(following().inlineBytes()).isGreaterThan(75_000);

    owner.checkpoint();
    byte[] three = write("three", MIB);
    sync();
    clock.advance(QUIET);
    assertThat(Arrays.equals(read(follower, "one"), one)).isTrue();
    assertThat(Arrays.equals(read(follower, "three"), three)).isTrue();
  }

  @Test
  void anEntryWaitsForItsSegment() throws Exception {
    write("before", 10);
    sync();
    byte[] bytes = write("big", MIB);
    sync();
    write("after", 10);
    sync();
    ObjectKey segment = keys(ObjectNames.SEGMENTS).getFirst();
    ByteBuffer object = bucket.get(segment, ByteRange.ALL);
    bucket.delete(List.of(segment));
    clock.advance(QUIET);
    assertThat(has(follower, "before")).isTrue();
    assertThat(has(follower, "big")).isFalse();
    assertThat(has(follower, "after")).isFalse();
    assertThat(following().waiting()).contains("segment").contains("log");

    byte[] again = new byte[object.remaining()];
    object.get(again);
    bucket.put(segment, again);
    clock.advance(QUIET);
    assertThat(Arrays.equals(read(follower, "big"), bytes)).isTrue();
    assertThat(has(follower, "after")).isTrue();
    assertThat(following().waiting()).isEmpty();
  }

  @Test
  void anEntryThatIsDeadIsNeverShown() throws Exception {
    write("before", 10);
    sync();
    write("big", MIB);
    sync();
    bucket.delete(keys(ObjectNames.SEGMENTS));
    owner.abandon();
    owner = Volume.open(bucket, TAKE_OVER, ownerPlatform);
    assertThat(has(owner, "big")).isFalse();
    write("later", 10);
    sync();
    clock.advance(QUIET);
    assertThat(has(follower, "before")).isTrue();
    assertThat(has(follower, "big")).isFalse();
    assertThat(has(follower, "later")).isTrue();
  }

  @Test
  void goesOnWithTheNextOwner() throws Exception {
    for (int reign = 0; reign < 6; reign++) {
      write("file" + reign, 1000 * reign);
      sync();
      if (reign % 2 == 0) {
        owner.close();
      } else {
        owner.abandon();
      }
      owner = Volume.open(bucket, TAKE_OVER, ownerPlatform);
      byte[] bytes = write("next" + reign, 500);
      sync();
      clock.advance(QUIET);
      assertThat(Arrays.equals(read(follower, "next" + reign), bytes)).isTrue();
      assertThat(has(follower, "file" + reign)).isTrue();
    }
    assertThat(following().rebases()).as("no owner made a checkpoint of his own").isLessThan(6);
  }

  @Test
  void aClosedVolumeIsLookedAtWithOneRequest() throws Exception {
    write("a", 10);
    owner.close();
    clock.advance(QUIET);
    assertThat(has(follower, "a")).isTrue();
    long polls = following().polls();
    StoreStats before = store.snapshot();
    clock.advance(Duration.ofSeconds(50));
    assertThat(store.snapshot().since(before).requests()).isEqualTo(following().polls() - polls);

    owner = Volume.open(bucket, TAKE_OVER, ownerPlatform);
    write("b", 10);
    sync();
    clock.advance(QUIET);
    assertThat(has(follower, "b")).isTrue();
  }

  @Test
  void garbageThatWasCollectedMeanwhileIsNotMissed() throws Exception {
    int files = 40;
    int length = 20_000;
    byte[] kept = write("kept", 100_000);
    // In a segment of its own.
    owner.checkpoint();
    byte[][] first = new byte[files][];
    for (int i = 0; i < files; i++) {
      first[i] = write("changing" + i, length);
    }
    write("gone", length);
    owner.checkpoint();
    clock.advance(QUIET);
    Ino gone = find(follower, "gone");
    long handle = follower.fileSystem().open(Caller.ROOT, gone, OpenFlags.READ_ONLY);

    // The follower sleeps while everything under it is replaced, and deleted.
    owner.fileSystem().unlink(Caller.ROOT, Ino.ROOT, FileName.of("gone"));
    byte[][] last = new byte[files][];
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < files; i++) {
        last[i] = write("changing" + i, length);
      }
      owner.checkpoint();
    }
    boolean newer = false;
    for (int i = 0; i < files; i++) {
      byte[] found = read(follower, "changing" + i);
      boolean newest = Arrays.equals(found, last[i]);
      assertThat(newest || (!newer && Arrays.equals(found, first[i]))).as("file " + i).isTrue();
      newer = newest;
    }
    assertThat(newer).as("what was shown at first is not there any more").isTrue();
    assertThat(Arrays.equals(read(follower, "kept"), kept)).isTrue();
    assertThat(following().rebases()).isPositive();
    assertThatThrownBy(
            () ->
                follower
                    .fileSystem()
                    .read(Caller.ROOT, handle, 0, MemorySegment.ofArray(new byte[100])))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
    follower.fileSystem().release(handle);
  }

  @Test
  void pagesThatDidNotChangeAreNotReadAgain() throws Exception {
    int files = 3000;
    for (int i = 0; i < files; i++) {
      write("a file with a rather long name, number " + i, 0);
    }
    owner.checkpoint();
    clock.advance(QUIET);
    lookAtAll(files);
    long rebases = following().rebases();
    for (int i = 0; i < 9; i++) {
      write("a file with a rather long name, number 5", 10);
      owner.checkpoint();
      clock.advance(QUIET);
    }
    assertThat(following().rebases()).isGreaterThan(rebases);
    StoreStats before = store.snapshot();
    lookAtAll(files);
    assertThat(store.snapshot().since(before).gets()).isLessThan(8);
  }

  private void lookAtAll(int files) throws FsException {
    for (int i = 0; i < files; i++) {
      assertThat(has(follower, "a file with a rather long name, number " + i)).isTrue();
    }
  }

  @Test
  void memoryIsBounded() throws Exception {
    follower.close();
    VolumeLimits small =
        new VolumeLimits(64 * KIB, MIB, MIB, 2L * MIB, MIB, 16 * KIB, 64 * KIB);
    follower = Volume.follow(store, OpenOptions.DEFAULT.withLimits(small), AGE, platform);
    int files = 8000;
    for (int i = 0; i < files; i++) {
      write("a file with a rather long name, number " + i, 400);
      if (i % 100 == 0) {
        sync();
        clock.advance(QUIET);
        assertThat(following().inlineBytes()).isLessThanOrEqualTo(MIB);
        assertThat(follower.statistics().pageBytes()).isLessThan(3L * MIB);
      }
    }
    sync();
    clock.advance(QUIET);
    assertThat(following().waiting()).as("the owner has more memory").isNotEmpty();
    owner.checkpoint();
    clock.advance(AGE.multipliedBy(5));
    assertThat(following().waiting()).isEmpty();
    lookAtAll(files);
    assertThat(follower.statistics().pageBytes()).isLessThan(3L * MIB);
  }

  @Test
  void withoutTheStoreItShowsWhatItHas() throws Exception {
    write("a", 10);
    sync();
    clock.advance(QUIET);
    assertThat(has(follower, "a")).isTrue();
    away.set(true);
    write("b", 10);
    sync();
    clock.advance(Duration.ofSeconds(30));
    assertThat(has(follower, "a")).isTrue();
    assertThat(has(follower, "b")).isFalse();
    assertThat(following().age()).isGreaterThan(Duration.ofSeconds(29));
    assertThat(following().failing()).contains("injected");
    away.set(false);
    clock.advance(QUIET);
    assertThat(has(follower, "b")).isTrue();
    assertThat(following().failing()).isEmpty();
    assertThat(following().age()).isLessThanOrEqualTo(QUIET);
  }
}
