package io.strata.tests.bench;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.ListPage;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures fsck: {@code make URL FILES BYTES} makes a volume, {@code check URL} checks its
 * metadata, {@code scrub URL} reads all data, and in the same run the same objects by bare
 * requests. Start the last two in a process of their own with the heap that is to be measured.
 */
public final class FsckBench {
  private static final int FILES_A_DIRECTORY = 1000;
  private static final int CHUNK_BYTES = 2 << 20;
  private static final int AHEAD = 2;
  private static final double MIB = 1 << 20;
  private static final double SECOND_NANOS = 1e9;

  private FsckBench() {}

  /** Runs one of the three. */
  public static void main(String[] args) throws Exception {
    Platform platform = SystemPlatform.create();
    try (ObjectStore store = Stores.open(args[1], platform, StoreOptions.DEFAULT)) {
      switch (args[0]) {
        case "make" -> make(store, Integer.parseInt(args[2]), Integer.parseInt(args[3]), platform);
        case "check" -> check(store, false, platform);
        case "scrub" -> {
          bare(store, platform);
          check(store, true, platform);
          bare(store, platform);
          check(store, true, platform);
        }
        default -> throw new IllegalArgumentException("make, check or scrub: " + args[0]);
      }
    }
  }

  private static void make(ObjectStore store, int files, int bytes, Platform platform)
      throws IOException, FsException {
    Volume.format(store, FormatOptions.DEFAULT, platform);
    byte[] content = new byte[bytes];
    SplittableRandom random = new SplittableRandom(1);
    try (Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform)) {
      FileSystem system = volume.fileSystem();
      Ino directory = Ino.ROOT;
      for (int i = 0; i < files; i++) {
        if (i % FILES_A_DIRECTORY == 0) {
          directory = node(system, Ino.ROOT, "d" + i, 0040755);
        }
        Ino file = node(system, directory, "file-" + i, 0100644);
        if (bytes > 0) {
          random.nextBytes(content);
          long handle = system.open(Caller.ROOT, file, OpenFlags.READ_WRITE);
          system.write(Caller.ROOT, handle, 0, MemorySegment.ofArray(content), false);
          system.release(handle);
        }
      }
    }
  }

  private static Ino node(FileSystem system, Ino parent, String name, int mode) throws FsException {
    return system.make(Caller.ROOT, parent, FileName.of(name), new NewNode(mode, 0)).ino();
  }

  private static void check(ObjectStore store, boolean data, Platform platform)
      throws IOException, InterruptedException {
    long start = platform.clock().nanoTime();
    FsckReport report =
        Fsck.check(
            store,
            FsckOptions.DEFAULT
                .withData(data)
                .withTables(Path.of("/var/tmp"), FsckOptions.DEFAULT.tableBytesMax()),
            platform);
    double seconds = (platform.clock().nanoTime() - start) / SECOND_NANOS;
    FsckReport.Counts counts = report.counts();
    System.out.printf(
        "%s: %.1f s, %d errors, %d inodes, %d pages, %d segments, %d requests, %.0f MiB read,"
            + " %.0f MiB/s, heap of %.0f MiB, %s%n",
        data ? "scrub" : "check",
        seconds,
        report.errors(),
        counts.inodes(),
        counts.pages(),
        counts.segments(),
        counts.requests(),
        counts.bytesRead() / MIB,
        counts.bytesRead() / MIB / seconds,
        Runtime.getRuntime().maxMemory() / MIB,
        memory());
  }

  /** The process's memory as the kernel counts it. */
  private static String memory() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
        lines.add(line.replaceAll("\\s+", " "));
      }
    }
    return String.join(", ", lines);
  }

  /** Reads every object in chunks, as many requests ahead as a scrub sends. */
  private static void bare(ObjectStore store, Platform platform)
      throws StoreException, InterruptedException {
    List<ListPage.Entry> objects = new ArrayList<>();
    String after = "";
    for (boolean more = true; more; ) {
      ListPage page = store.list("", after, 1000);
      objects.addAll(page.entries());
      after = page.entries().isEmpty() ? after : page.entries().getLast().key().value();
      more = page.more();
    }
    long start = platform.clock().nanoTime();
    long[] total = {0};
    Ahead.each(
        platform,
        objects.iterator(),
        AHEAD,
        object -> read(store, object),
        (object, bytes) -> total[0] += bytes);
    double seconds = (platform.clock().nanoTime() - start) / SECOND_NANOS;
    System.out.printf(
        "bare: %.1f s, %.0f MiB, %.0f MiB/s%n", seconds, total[0] / MIB, total[0] / MIB / seconds);
  }

  private static long read(ObjectStore store, ListPage.Entry object) throws StoreException {
    long read = 0;
    for (long at = 0; at < object.length(); at += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, object.length() - at);
      read += store.get(object.key(), new ByteRange.Slice(at, length)).remaining();
    }
    return read;
  }
}
