package io.strata.fuse.restart;

import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.view.ReachableInodes;
import io.strata.fs.view.View;
import io.strata.fs.volume.Volume;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A machine on which a volume is served, by one process after another. The clock stands still:
 * nothing becomes durable that nobody asked for.
 */
final class Host implements AutoCloseable {
  private static final Duration LONG = Duration.ofDays(1000);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final AtomicLong SEEDS = new AtomicLong();

  private final SplittableRandom random = new SplittableRandom(SEEDS.incrementAndGet());
  private MemStore bucket = new MemStore();
  private Path state;
  private final Path folder;
  private int lives;
  private Volume volume;

  /** A new volume, and a first process that serves it. */
  Host() throws IOException {
    folder = Files.createTempDirectory("strata-restart");
    state = folder.resolve("state");
    Volume.format(bucket, FormatOptions.DEFAULT, platform());
    volume = open(false);
  }

  private Platform platform() {
    return new Platform(
        ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z")),
        random,
        ForkJoinPool.commonPool(),
        task -> Thread.ofVirtual().start(task));
  }

  private Volume open(boolean incoming) throws IOException {
    OpenOptions options =
        OpenOptions.DEFAULT
            .withTimes(LONG, LONG)
            .withTakeOver(true)
            .withState(new StateDirectory(state, incoming));
    return Volume.open(bucket, options, platform());
  }

  Volume volume() {
    return volume;
  }

  /** The session of a guest, as the present process finds or begins it. */
  FuseSession session(String name) {
    SessionOptions options =
        SessionOptions.standard()
            .withWritebackCache(false)
            .withLifetimes(new Lifetimes(SECOND, SECOND, SECOND));
    return FuseSession.lasting(
        files(), options, platform(), null, null, volume.clients(), name);
  }

  private FileSystem files() {
    try {
      return View.WHOLE.of(volume.fileSystem(), volume.past(), ReachableInodes.inMemory());
    } catch (FsException e) {
      throw new IllegalStateException("the whole volume cannot be seen", e);
    }
  }

  /** Kills the process: whatever it does from now on happens elsewhere. */
  void kill() throws IOException {
    MemStore left = bucket.copy();
    Path copy = folder.resolve("state" + ++lives);
    copy(state, copy);
    volume.abandon();
    bucket = left;
    state = copy;
  }

  /**
   * Copies what a kill would leave. Clients come before the witness, as their names want it: a
   * request that is being answered meanwhile is then found in one of the two at least.
   */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Another process comes. */
  void start() throws IOException {
    volume = open(false);
  }

  /** Lets the process end as it should, leaving the guest's session for the next. */
  void stop(FuseSession session) throws IOException, InterruptedException {
    session.suspend(GRACE);
    volume.close();
  }

  /** What another machine finds: the bucket, and nothing of this machine's state. */
  void move() throws IOException {
    state = folder.resolve("other" + ++lives);
    volume = open(true);
  }

  /** Where the state of the next process is. */
  Path state() {
    return state;
  }

  @Override
  public void close() throws IOException {
    volume.abandon();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
