package io.strata.tests.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.MountOptions;
import io.strata.fuse.mount.Unmount;
import io.strata.fuse.server.CacheMode;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Backoff;
import io.strata.store.ObjectStore;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import io.strata.store.retry.RetryStore;
import io.strata.tests.outage.Absence.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What programs see that do not want to wait for ever ({@code --io-timeout}), through a mount, while
 * the store is away for seconds that pass.
 */
@Timeout(180)
final class MountInOutageTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int DIRTY_MAX = 4 * MIB;
  private static final OpenOptions OPTIONS =
      OpenOptions.DEFAULT
          .withTakeOver(true)
          .withIoTimeout(TIMEOUT)
          .withLimits(
              new VolumeLimits(
                  512 * KIB, DIRTY_MAX, 64L * MIB, 16L * MIB, 8L * MIB, 64 * KIB, 512 * KIB));

  private static final byte[] WARM = Work.content(1, 100_000);
  private static final int CHUNK_BYTES = 64 * KIB;
  private static final String EIO = "Input/output error";

  @TempDir private Path folder;

  private final Platform platform = SystemPlatform.create();
  private final MemStore bucket = new MemStore();
  private final Absence absence = new Absence(Kind.REFUSES);
  private final FaultStore life = new FaultStore(bucket, FaultPlan.none());
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void format() throws IOException {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: /dev/fuse cannot be opened");
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
  }

  @AfterEach
  void end() throws Exception {
    absence.comeBack();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** A volume that is mounted, with a file that is in its memory. */
  private final class Mounted {
    final Volume volume;
    final FuseMount mount;

    /** Through a store that goes away and comes back, for a process that is killed in the end. */
    Mounted(CacheMode mode) throws IOException {
      ObjectStore leaving = absence.heard(new FaultStore(life, absence));
      Backoff quick = new Backoff(Duration.ofMillis(20), Duration.ofMillis(100));
      volume = Volume.open(new RetryStore(leaving, platform, quick), OPTIONS, platform);
      open.add(volume::abandon);
      mount = mountOf(volume, mode);
      Files.write(path("warm"), WARM);
      readWarm();
    }

    Path path(String name) {
      return mount.directory().resolve(name);
    }

    /** Has the daemon asked, since the kernel has forgotten what it knew. */
    void readWarm() throws IOException {
      Ino ino = new Ino((Long) Files.getAttribute(path("warm"), "unix:ino"));
      mount.invalidateInode(ino);
      assertThat(Arrays.equals(Files.readAllBytes(path("warm")), WARM)).as("in memory").isTrue();
    }

    /** Waits until the store has it all, without asking for that. */
    void awaitStored() throws InterruptedException {
      await(now -> now.pendingLogBytes() == 0);
    }

    void awaitRoom() throws InterruptedException {
      await(now -> Objects.requireNonNull(now.segments()).dirtyBytes() <= DIRTY_MAX / 2);
    }

    private void await(Predicate<VolumeStatistics> condition) throws InterruptedException {
      while (!condition.test(volume.statistics())) {
        Thread.sleep(5);
      }
    }

    /** Ends it as SIGKILL does: what is not in the bucket is lost. */
    void kill() throws Exception {
      life.crash();
      mount.unmount(Unmount.ABORT);
      mount.await();
      volume.abandon();
    }
  }

  private FuseMount mountOf(Volume volume, CacheMode mode) throws IOException {
    SessionOptions session =
        mode == CacheMode.ALWAYS ? SessionOptions.standard() : SessionOptions.of(mode);
    FuseMount mount =
        FuseMount.mount(
            volume.fileSystem(),
            Files.createDirectory(folder.resolve("mount " + open.size())),
            MountOptions.of("mem:test").withSession(session),
            platform);
    open.add(mount);
    return mount;
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void append(FileChannel to, byte[] bytes) throws IOException {
    assertThat(to.write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
  }

  private static void requireFailure(FileChannel file) {
    assertThatThrownBy(() -> file.force(false)).isInstanceOf(IOException.class).hasMessage(EIO);
  }

  /** A sync fails, and not before the time is over. */
  private static void requireTimeout(FileChannel file) {
    long began = System.nanoTime();
    requireFailure(file);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(TIMEOUT);
  }

  /** What was under way when a sync failed may have failed after it, and is told by the next. */
  private static void hearOfTheRest(FileChannel file) {
    try {
      file.force(false);
    } catch (IOException e) {
      assertThat(e).hasMessage(EIO);
    }
  }

  /** What is in the bucket, seen through another mount. */
  private void requireStored(String name, byte[] content) throws Exception {
    try (Volume again = Volume.open(bucket, OPTIONS, platform)) {
      try (FuseMount mount = mountOf(again, CacheMode.ALWAYS)) {
        byte[] stored = Files.readAllBytes(mount.directory().resolve(name));
        assertThat(stored).hasSize(content.length);
        assertThat(Arrays.mismatch(stored, content)).as("first byte that differs").isEqualTo(-1);
      }
    }
    assertThat(Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), platform).errors()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aSyncFailsInTimeAndWhatItWasForIsStoredLaterAllTheSame(CacheMode mode) throws Exception {
    Mounted mounted = new Mounted(mode);
    byte[] content = Work.content(2, 3 * CHUNK_BYTES);
    try (FileChannel file = channel(mounted.path("file"))) {
      append(file, Arrays.copyOf(content, CHUNK_BYTES));
      file.force(false);
      absence.leave();
      append(file, Arrays.copyOfRange(content, CHUNK_BYTES, 2 * CHUNK_BYTES));
      requireTimeout(file);
      mounted.readWarm();
      assertThat(mounted.path("nothing")).doesNotExist();
      append(file, Arrays.copyOfRange(content, 2 * CHUNK_BYTES, content.length));
      // That one has failed makes no other succeed.
      requireTimeout(file);
      mounted.mount.settle();
      mounted.readWarm();

      absence.comeBack();
      mounted.awaitStored();
    }
    mounted.kill();
    requireStored("file", content);
  }

  @Test
  void writesForWhichThereIsNoRoomFailInTimeAndTheOthersAreStoredLater() throws Exception {
    Mounted mounted = new Mounted(CacheMode.NEVER);
    byte[] content = Work.content(3, DIRTY_MAX + CHUNK_BYTES);
    absence.leave();
    int at = 0;
    try (FileChannel file = channel(mounted.path("file"))) {
      Duration took = Duration.ZERO;
      String failed = "";
      while (failed.isEmpty()) {
        assertThat(at).as("accepted").isLessThan(content.length);
        long began = System.nanoTime();
        try {
          append(file, Arrays.copyOfRange(content, at, at + CHUNK_BYTES));
          at += CHUNK_BYTES;
        } catch (IOException e) {
          failed = String.valueOf(e.getMessage());
        }
        took = Duration.ofNanos(System.nanoTime() - began);
      }
      assertThat(failed).isEqualTo(EIO);
      assertThat(took).isGreaterThanOrEqualTo(TIMEOUT);
      assertThat(at).isGreaterThan(DIRTY_MAX / 2);
      mounted.readWarm();

      absence.comeBack();
      mounted.awaitRoom();
      // The mount goes on as it is.
      append(file, Arrays.copyOfRange(content, at, at + CHUNK_BYTES));
      mounted.awaitStored();
    }
    mounted.kill();
    requireStored("file", Arrays.copyOf(content, at + CHUNK_BYTES));
  }

  /** The kernel forgets what it could not hand over, as it does for any disk; but it says so. */
  @Test
  void whatAKernelHoldsBackAndFindsNoRoomForIsToldAndCanBeWrittenAgain() throws Exception {
    Mounted mounted = new Mounted(CacheMode.ALWAYS);
    byte[] content = Work.content(4, 3 * DIRTY_MAX);
    try (FileChannel file = channel(mounted.path("file"))) {
      absence.leave();
      append(file, content);
      // It may have begun to write before it was asked to, and know sooner.
      requireFailure(file);
      mounted.readWarm();

      absence.comeBack();
      mounted.awaitRoom();
      hearOfTheRest(file);
      file.truncate(0);
      append(file, content);
      file.force(false);
    }
    mounted.kill();
    requireStored("file", content);
  }
}
