package io.strata.tests.bench;

import io.strata.cli.volume.StoreConnection;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ListPage;
import io.strata.store.Listing;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clones of a volume with one image in it, as for virtual machines, beside full copies of it. The
 * argument is the URL of an empty place. Clones are made one after the other by the parent's owner;
 * then all of them are open at once, and each overwrites some of the image. Figures are of the
 * library, in one process.
 */
public final class CloneBench {
  private static final int MIB = Integer.getInteger("mib", 64);
  private static final int CLONES = Integer.getInteger("clones", 50);
  private static final int COPIES = Integer.getInteger("copies", 5);
  private static final int WRITES = 16;
  private static final int WRITE_BYTES = 4096;
  private static final FileName IMAGE = FileName.of("image");

  private final StoreConnection connection;
  private final Platform platform;
  private final ObjectStore parent;

  private CloneBench(StoreConnection connection, Platform platform) throws IOException {
    this.connection = connection;
    this.platform = platform;
    this.parent = connection.store().elsewhere(new Place("parent"));
  }

  /** Runs the measurement. */
  public static void main(String[] arguments) throws Exception {
    Platform platform = SystemPlatform.create();
    try (StoreConnection connection =
        StoreConnection.open(arguments[0], Duration.ofMinutes(1), platform)) {
      new CloneBench(connection, platform).run();
    }
  }

  /** Something that is timed. */
  private interface Work {
    void run() throws Exception;
  }

  private void run() throws Exception {
    measure("the image is written", 1, this::makeImage);
    System.out.printf("%-28s %8.2f MiB stored%n", "", mib(parent));
    measure(
        "full copies",
        COPIES,
        () -> {
          for (int i = 0; i < COPIES; i++) {
            VolumeCopy.copy(parent, place("copy" + i), false, (objects, bytes) -> {}, platform);
          }
        });
    stored("copy", COPIES);
    measure("clones", CLONES, this::makeClones);
    stored("clone", CLONES);
    measure("opened, all at once", CLONES, () -> all(this::openAndClose));
    measure("opened, written to, closed", CLONES, () -> all(this::use));
    stored("clone", CLONES);
    measure("the same of copies", COPIES, () -> each("copy", COPIES, this::use));
  }

  private void measure(String what, int times, Work work) throws Exception {
    StoreStats before = connection.statistics();
    long began = System.nanoTime();
    work.run();
    double millis = (System.nanoTime() - began) / 1e6;
    StoreStats spent = connection.statistics().since(before);
    System.out.printf(
        "%-28s %8.0f ms, each of %d: %8.1f ms, %6.1f requests (%.1f puts), %8.3f MiB put%n",
        what,
        millis,
        times,
        millis / times,
        (double) spent.requests() / times,
        (double) spent.puts() / times,
        spent.bytesPut() / 1048576.0 / times);
  }

  private void stored(String name, int count) throws IOException {
    double all = 0;
    for (int i = 0; i < count; i++) {
      all += mib(place(name + i));
    }
    System.out.printf("%-28s %8.3f MiB stored, each%n", "", all / count);
  }

  private static double mib(ObjectStore place) throws IOException {
    long bytes = 0;
    Listing objects = new Listing(place, "");
    for (ListPage.Entry each = objects.peek(); each != null; each = objects.peek()) {
      bytes += each.length();
      objects.skip();
    }
    return bytes / 1048576.0;
  }

  private ObjectStore place(String name) throws IOException {
    return parent.elsewhere(new Place("../" + name));
  }

  private Volume open(ObjectStore store) throws IOException {
    return Volume.open(store, OpenOptions.DEFAULT, platform);
  }

  private void makeImage() throws IOException, FsException {
    Volume.format(parent, FormatOptions.DEFAULT, platform);
    SplittableRandom random = new SplittableRandom(1);
    try (Volume volume = open(parent)) {
      FileSystem files = volume.fileSystem();
      long handle =
          files
              .create(
                  Caller.ROOT,
                  Ino.ROOT,
                  IMAGE,
                  new NewNode(0100644, 0),
                  OpenFlags.READ_WRITE)
              .handle();
      for (int i = 0; i < MIB; i++) {
        byte[] piece = new byte[1 << 20];
        random.nextBytes(piece);
        files.write(Caller.ROOT, handle, (long) i << 20, MemorySegment.ofArray(piece), false);
      }
      files.release(handle);
    }
  }

  private void makeClones() throws IOException {
    try (Volume owner = open(parent)) {
      for (int i = 0; i < CLONES; i++) {
        Cloning cloning =
            Cloning.begin(
                parent, new Place("../clone" + i), new Place("../parent"), null, platform);
        owner.snapshots().keepFor(cloning.neighbour(), null);
        cloning.finish();
      }
    }
  }

  /** Uses a volume. */
  private interface Use {
    void of(ObjectStore place) throws Exception;
  }

  private void all(Use use) throws Exception {
    each("clone", CLONES, use);
  }

  private void each(String name, int count, Use use) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ObjectStore place = place(name + i);
        Callable<Boolean> task =
            () -> {
              use.of(place);
              return true;
            };
        done.add(threads.submit(task));
      }
      for (Future<Boolean> each : done) {
        each.get();
      }
    }
  }

  private void openAndClose(ObjectStore place) throws IOException {
    open(place).close();
  }

  private void use(ObjectStore place) throws IOException, FsException {
    SplittableRandom random = new SplittableRandom(place.location().hashCode());
    try (Volume volume = open(place)) {
      FileSystem files = volume.fileSystem();
      Ino ino = files.lookup(Caller.ROOT, Ino.ROOT, IMAGE).ino();
      long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_WRITE);
      byte[] piece = new byte[WRITE_BYTES];
      for (int i = 0; i < WRITES; i++) {
        random.nextBytes(piece);
        long at = (long) random.nextInt((MIB << 20) / WRITE_BYTES) * WRITE_BYTES;
        files.write(Caller.ROOT, handle, at, MemorySegment.ofArray(piece), false);
      }
      files.sync(Caller.ROOT, handle, false);
      files.release(handle);
    }
  }
}
