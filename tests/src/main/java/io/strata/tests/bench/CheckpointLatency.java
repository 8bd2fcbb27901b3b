package io.strata.tests.bench;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How long operations on a volume of many files take while a checkpoint is written and while none
 * is. Argument: a folder for the bucket. {@code -Dfiles}, {@code -Dseconds} set the amount.
 */
public final class CheckpointLatency {
  private static final int FILES = Integer.getInteger("files", 500_000);
  private static final int SECONDS = Integer.getInteger("seconds", 20);
  private static final int FILES_A_DIRECTORY = 1000;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Operations counted of each kind, about what that many seconds hold. */
  private static final int SAMPLES_MAX = 4_000_000;

  private final Volume volume;
  private final FileSystem files;
  private final Ino[] inos = new Ino[FILES];
  private final SplittableRandom random = new SplittableRandom(1);
  private final Samples during = new Samples();
  private final Samples outside = new Samples();

  /** Odd while a checkpoint runs. */
  private final AtomicInteger phase = new AtomicInteger();

  private volatile boolean done;

  private CheckpointLatency(Volume volume) {
    this.volume = volume;
    this.files = volume.fileSystem();
  }

  /** Times of operations in nanoseconds. Confined. */
  private static final class Samples {
    private final long[] nanos = new long[SAMPLES_MAX];
    private int count;

    void add(long took) {
      if (count < nanos.length) {
        nanos[count++] = took;
      }
    }

    double micros(double part) {
      return nanos[(int) ((count - 1) * part)] / 1e3;
    }

    void print(String title) {
      Arrays.sort(nanos, 0, count);
      System.out.printf(
          "%-22s %9d operations  p50 %6.1f µs  p99 %6.1f µs  p99.9 %7.1f µs  max %8.1f µs%n",
          title, count, micros(0.5), micros(0.99), micros(0.999), micros(1));
    }
  }

  /** Runs the measurement. */
  public static void main(String[] arguments) throws Exception {
    Platform platform = SystemPlatform.create();
    FileStore store = FileStore.open(Path.of(arguments[0]), platform);
    Volume.format(store, FormatOptions.DEFAULT, platform);
    OpenOptions options =
        OpenOptions.DEFAULT.withTimes(OpenOptions.DEFAULT.flushTime(), Duration.ofHours(1));
    try (Volume volume = Volume.open(store, options, platform)) {
      new CheckpointLatency(volume).run();
    }
  }

  private void run() throws Exception {
    fill();
    volume.checkpoint();
    work(System.nanoTime() + Duration.ofSeconds(SECONDS / 4).toNanos(), new Samples());
    Thread checkpoints = Thread.ofPlatform().daemon().start(this::checkpoint);
    work(System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos(), null);
    done = true;
    checkpoints.join();
    System.out.printf(
        "%d files, %d checkpoints, the last of %d pages%n",
        FILES, volume.statistics().checkpoints(), volume.statistics().checkpointPages());
    outside.print("no checkpoint");
    during.print("during a checkpoint");
    System.out.printf("p99 during / outside   %.2f%n", during.micros(0.99) / outside.micros(0.99));
  }

  private void fill() throws FsException {
    Ino directory = Ino.ROOT;
    for (int i = 0; i < FILES; i++) {
      if (i % FILES_A_DIRECTORY == 0) {
        directory = make(Ino.ROOT, "d" + i, 0040755);
      }
      inos[i] = make(directory, "file" + i, 0100644);
    }
  }

  private Ino make(Ino parent, String name, int mode) throws FsException {
    return files.make(Caller.ROOT, parent, FileName.of(name), new NewNode(mode, 0)).ino();
  }

  /** Changes and reads inodes at random until {@code end}. */
  private void work(long end, @Nullable Samples warmUp)
      throws FsException {
    long start = System.nanoTime();
    while (start < end) {
      int before = phase.get();
      Ino ino = inos[random.nextInt(FILES)];
      if (random.nextInt(4) == 0) {
        files.change(Caller.ROOT, ino, AttributeChange.mode(random.nextInt(01000)), 0);
      } else {
        files.attributes(Caller.ROOT, ino);
      }
      long now = System.nanoTime();
      if (warmUp != null) {
        warmUp.add(now - start);
      } else if (before == phase.get()) {
        ((before & 1) == 1 ? during : outside).add(now - start);
      } else {
        during.add(now - start);
      }
      start = now;
    }
  }

  private void checkpoint() {
    try {
      while (!done) {
        Thread.sleep(PAUSE);
        phase.incrementAndGet();
        volume.checkpoint();
        phase.incrementAndGet();
      }
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
