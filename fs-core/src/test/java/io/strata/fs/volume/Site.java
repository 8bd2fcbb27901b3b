package io.strata.fs.volume;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.platform.Clock;
import io.strata.platform.CountedThreads;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Backoff;
import io.strata.store.ObjectStore;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.retry.RetryStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A machine with a daemon on it, a clock of its own and a way to the store of its own: it can be
 * stopped and go on, as by signals, and be cut off. Time passes while a {@link Passing} runs.
 */
final class Site implements OpeningEvents {
  private static final Caller CALLER = Caller.ROOT;

  private final String name;
  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final CountedThreads threads = new CountedThreads();
  private final Platform platform;
  private final ObjectStore store;
  private final Object gate = new Object();
  // Guarded by gate.
  private boolean cut;
  private boolean stopped;
  private boolean dead;
  private Duration missed = Duration.ZERO;
  private long requests;

  private volatile @Nullable Standing standing;
  private volatile @Nullable Volume volume;
  private volatile @Nullable Thread opener;

  Site(String name, long seed, ObjectStore bucket) {
    this.name = name;
    Clock clockOfTasks = new TaskClock();
    platform =
        new Platform(
            clockOfTasks,
            new SplittableRandom(seed),
            threads,
            threads);
    ObjectStore reached = new FaultStore(bucket, this::decide);
    store = new RetryStore(reached, platform, Backoff.FOREVER);
  }

  /** Tasks that fall due run on threads of their own, and so may wait for this very clock. */
  private final class TaskClock implements Clock {
    @Override
    public Instant now() {
      return clock.now();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      clock.sleep(time);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, () -> threads.execute(task));
    }
  }

  private Fault decide(FaultPlan.Request request) {
    synchronized (gate) {
      requests++;
      while (stopped && !dead) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Fault.FAIL_BEFORE;
        }
      }
      return cut || dead ? Fault.FAIL_BEFORE : Fault.PASS;
    }
  }

  /** Lets time pass here, unless this site is stopped: it then misses it. */
  void pass(Duration time) {
    synchronized (gate) {
      if (stopped || dead) {
        missed = missed.plus(time);
        return;
      }
    }
    clock.advance(time);
  }

  /** SIGSTOP. */
  void stop() {
    synchronized (gate) {
      stopped = true;
    }
  }

  /** SIGCONT: all the time that was missed passes at once. */
  void goOn() {
    Duration jump;
    synchronized (gate) {
      jump = missed;
      missed = Duration.ZERO;
    }
    clock.advance(jump);
    synchronized (gate) {
      stopped = false;
      gate.notifyAll();
    }
  }

  /** Whether nothing is being done here: all that has fallen due is done, or waits. */
  boolean isAtRest() {
    return threads.isAtRest();
  }

  boolean isStopped() {
    synchronized (gate) {
      return stopped;
    }
  }

  /** How often it has asked the store for anything. */
  long requests() {
    synchronized (gate) {
      return requests;
    }
  }

  void cut() {
    synchronized (gate) {
      cut = true;
    }
  }

  void mend() {
    synchronized (gate) {
      cut = false;
    }
  }

  /** SIGKILL: nothing that it has under way comes to anything any more. */
  void kill() {
    synchronized (gate) {
      dead = true;
      stopped = false;
      gate.notifyAll();
    }
    Thread waiting = opener;
    if (waiting != null) {
      waiting.interrupt();
    }
    Volume open = volume;
    if (open != null) {
      open.abandon();
    }
  }

  OpenOptions options(boolean standby) {
    return OpenOptions.DEFAULT.withLease(
        new LeaseOptions(LeaseOptions.DEFAULT.term(), standby));
  }

  /** Opens the volume on the calling thread. */
  Volume open(OpenOptions options) throws IOException {
    Volume opened =
        OwnedVolume.open(store, options, platform, new Owners(name, "boot " + name), this);
    volume = opened;
    return opened;
  }

  /** Opens it on a thread of its own. */
  CompletableFuture<Volume> opening(OpenOptions options) {
    CompletableFuture<Volume> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          opener = Thread.currentThread();
          try {
            result.complete(open(options));
          } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** Ends a wait. */
  void interrupt() {
    Thread waiting = opener;
    if (waiting != null) {
      waiting.interrupt();
    }
  }

  @Nullable Volume volume() {
    return volume;
  }

  @Nullable Standing standing() {
    return standing;
  }

  long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void watching(String owner, Duration time) {}

  @Override
  public void standingBy(Standing now) {
    standing = now;
  }

  @Override
  public void takingOver(String why) {}

  /** Writes a number into a file of the open volume, and syncs it if asked to. */
  static void write(Volume volume, String file, long value, boolean sync) throws FsException {
    FileSystem files = volume.fileSystem();
    long handle = handle(files, file);
    try {
      MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
      bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
      files.write(CALLER, handle, 0, bytes, false);
      if (sync) {
        files.sync(CALLER, handle, false);
      }
    } finally {
      release(files, handle);
    }
  }

  private static long handle(FileSystem files, String name) throws FsException {
    FileName file = FileName.of(name);
    try {
      Ino ino = files.lookup(CALLER, Ino.ROOT, file).ino();
      return files.open(CALLER, ino, OpenFlags.READ_WRITE);
    } catch (FsException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      NewNode node = new NewNode(0100644, 0);
      return files.create(CALLER, Ino.ROOT, file, node, OpenFlags.READ_WRITE).handle();
    }
  }

  private static void release(FileSystem files, long handle) throws FsException {
    try {
      files.release(handle);
    } catch (FsException e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
    }
  }

  /** The number in a file; 0 if there is no such file. */
  static long read(Volume volume, String file) throws FsException {
    FileSystem files = volume.fileSystem();
    Ino ino;
    try {
      ino = files.lookup(CALLER, Ino.ROOT, FileName.of(file)).ino();
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return 0;
      }
      throw e;
    }
    long handle = files.open(CALLER, ino, OpenFlags.READ_ONLY);
    try {
      MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
      int length = files.read(CALLER, handle, 0, bytes);
      return length < Long.BYTES ? 0 : bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    } finally {
      release(files, handle);
    }
  }
}
