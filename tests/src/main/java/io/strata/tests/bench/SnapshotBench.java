package io.strata.tests.bench;

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
import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.file.FileStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How long a snapshot takes, and what it asks of the store, with more and more files in one volume.
 * Arguments: a folder for the bucket, then the numbers of files, from few to many. One new file comes
 * before each snapshot, and a put of 4 KiB beside it, for the ratio.
 */
public final class SnapshotBench {
  private static final int SNAPSHOTS = 20;
  private static final int FILES_A_DIRECTORY = 1000;
  private static final int PUT_BYTES = 4096;

  private final MeteredStore store;
  private final Volume volume;
  private final FileSystem files;
  private final long[] snapshotNanos = new long[SNAPSHOTS];
  private final long[] putNanos = new long[SNAPSHOTS];
  private Ino directory = Ino.ROOT;
  private int made;
  private int puts;

  private SnapshotBench(MeteredStore store, Volume volume) {
    this.store = store;
    this.volume = volume;
    this.files = volume.fileSystem();
  }

  /** Runs the measurement. */
  public static void main(String[] arguments) throws Exception {
    Platform platform = SystemPlatform.create();
    MeteredStore store =
        new MeteredStore(FileStore.open(Path.of(arguments[0]), platform), platform.clock());
    Volume.format(store, FormatOptions.DEFAULT, platform);
    try (Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform)) {
      SnapshotBench bench = new SnapshotBench(store, volume);
      for (String count : Arrays.asList(arguments).subList(1, arguments.length)) {
        bench.run(Integer.parseInt(count));
      }
    }
  }

  private void run(int count) throws FsException, IOException {
    while (made < count) {
      makeFile();
    }
    volume.checkpoint();
    snapshot(0, "warm"); // its pages and paths are in memory from now on
    volume.snapshots().delete(List.of("warm"));
    StoreStats before = store.snapshot();
    long most = 0;
    for (int i = 0; i < SNAPSHOTS; i++) {
      StoreStats last = store.snapshot();
      makeFile();
      snapshot(i, "s" + count + "-" + i);
      most = Math.max(most, store.snapshot().since(last).requests());
      putNanos[i] = put();
    }
    long requests = store.snapshot().since(before).requests() - SNAPSHOTS;
    System.out.printf(
        "%,10d files: snapshot %.1f ms (%.1f to %.1f), bare put %.1f ms, requests %.1f, most %d%n",
        made,
        median(snapshotNanos),
        snapshotNanos[0] / 1e6,
        snapshotNanos[SNAPSHOTS - 1] / 1e6,
        median(putNanos),
        (double) requests / SNAPSHOTS,
        most);
  }

  private void makeFile() throws FsException {
    if (made % FILES_A_DIRECTORY == 0) {
      directory = make(Ino.ROOT, "d" + made, 0040755);
    }
    make(directory, "file" + made, 0100644);
    made++;
  }

  private Ino make(Ino parent, String name, int mode) throws FsException {
    return files.make(Caller.ROOT, parent, FileName.of(name), new NewNode(mode, 0)).ino();
  }

  private void snapshot(int index, String name) throws IOException {
    long began = System.nanoTime();
    volume.snapshots().create(name);
    snapshotNanos[index] = System.nanoTime() - began;
  }

  private long put() throws IOException {
    ObjectKey key = new ObjectKey("bench/%08x".formatted(++puts));
    long began = System.nanoTime();
    store.put(key, Body.of(new byte[PUT_BYTES]), Condition.ABSENT);
    return System.nanoTime() - began;
  }

  /** The median in milliseconds; sorts. */
  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return (nanos[SNAPSHOTS / 2 - 1] + nanos[SNAPSHOTS / 2]) / 2e6;
  }
}
