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
import io.strata.fs.volume.VolumeSpace;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the requests that garbage costs: {@code URL MIB TIMES} makes a volume with a file of so many
 * MiB of random bytes, overwrites it at random so many times in pieces of 64 KiB, and collects what
 * is left. Nobody reads files meanwhile, so every read of a segment is a compaction's.
 */
public final class GcBench {
  private static final int PIECE_BYTES = 64 << 10;
  private static final double MIB = 1 << 20;
  private static final double SECOND_NANOS = 1e9;

  private final Platform platform = SystemPlatform.create();
  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[] piece = new byte[PIECE_BYTES];
  private final Counting store;

  private GcBench(ObjectStore store) {
    this.store = new Counting(store);
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    try (ObjectStore store =
        Stores.open(args[0], SystemPlatform.create(), StoreOptions.DEFAULT)) {
      new GcBench(store).run(Integer.parseInt(args[1]), Double.parseDouble(args[2]));
    }
  }

  private void run(int mib, double times) throws IOException, FsException {
    Volume.format(store, FormatOptions.DEFAULT, platform);
    int pieces = (int) (mib * MIB / PIECE_BYTES);
    try (Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform)) {
      FileSystem files = volume.fileSystem();
      Ino ino =
          files.make(Caller.ROOT, Ino.ROOT, FileName.of("file"), new NewNode(0100644, 0)).ino();
      long handle = files.open(Caller.ROOT, ino, OpenFlags.READ_WRITE);
      long start = platform.clock().nanoTime();
      for (int i = 0; i < pieces; i++) {
        write(files, handle, i);
      }
      files.sync(Caller.ROOT, handle, false);
      tell("write", start, volume);
      start = platform.clock().nanoTime();
      for (int i = 0; i < times * pieces; i++) {
        write(files, handle, random.nextInt(pieces));
      }
      files.sync(Caller.ROOT, handle, false);
      tell("overwrite", start, volume);
      start = platform.clock().nanoTime();
      volume.collectGarbage(looked -> {});
      tell("collect", start, volume);
      start = platform.clock().nanoTime();
      volume.collectGarbage(looked -> {});
      tell("collect nothing", start, volume);
      files.release(handle);
    }
  }

  private void write(FileSystem files, long handle, int at) throws FsException {
    random.nextBytes(piece);
    files.write(
        Caller.ROOT, handle, (long) at * PIECE_BYTES, MemorySegment.ofArray(piece), false);
  }

  private void tell(String phase, long startNanos, Volume volume) throws IOException {
    double seconds = (platform.clock().nanoTime() - startNanos) / SECOND_NANOS;
    VolumeSpace space = volume.space();
    System.out.printf(
        "%s: %.1f s, %.0f MiB live, %.0f MiB in segments, %.0f MiB dead; requests %s%n",
        phase,
        seconds,
        space.liveBytes() / MIB,
        space.segmentBytes() / MIB,
        space.deadBytes() / MIB,
        store.take());
  }

  /** Counts requests by what they do to what. */
  private static final class Counting extends ForwardingStore {
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    Counting(ObjectStore below) {
      super(below);
    }

    Map<String, Long> take() {
      Map<String, Long> taken = new TreeMap<>();
      counts.forEach((what, count) -> taken.put(what, count.sumThenReset()));
      taken.values().removeIf(count -> count == 0);
      return taken;
    }

    private void count(String verb, String key) {
      String kind = key.contains("/") ? key.substring(0, key.indexOf('/')) : key;
      counts.computeIfAbsent(verb + " " + kind, what -> new LongAdder()).increment();
    }

    @Override
    public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
      count("PUT", key.value());
      super.put(key, body, condition);
    }

    @Override
    public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
      count("GET", key.value());
      return super.get(key, range);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) throws StoreException {
      if (!keys.isEmpty()) {
        count("DELETE", keys.iterator().next().value());
      }
      super.delete(keys);
    }

    @Override
    public ListPage list(String prefix, String after, int keysMax) throws StoreException {
      count("LIST", prefix);
      return super.list(prefix, after, keysMax);
    }
  }
}
