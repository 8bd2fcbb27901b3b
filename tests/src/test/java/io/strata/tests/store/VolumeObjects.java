package io.strata.tests.store;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.replay.LogFence;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.segment.InlineRun;
import io.strata.segment.RecoveredSegment;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;

/**
 * Objects of a volume as owners really put them. Owners with different seeds draw different tokens,
 * and are the same in all else: time, names, bytes.
 */
final class VolumeObjects {
  /** The volume of fences and recovered segments. */
  static final VolumeId VOLUME = new VolumeId(new UUID(1, 2));

  private static final LogPosition FENCED = new LogPosition(new Epoch(1), 7);
  private static final HeadReference HEAD = new HeadReference(1, 0x1234);

  /** What {@link #each} yields. */
  static final List<String> KINDS =
      List.of(
          "descriptor",
          "head",
          "log entry",
          "segment",
          "pack",
          "fence",
          "recovered segment",
          "tombstone");

  private VolumeObjects() {}

  private static Platform platform(long seed) {
    return new Platform(
        ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z")),
        new SplittableRandom(seed),
        ForkJoinPool.commonPool(),
        task -> Thread.ofVirtual().start(task));
  }

  /** A new volume. */
  static MemStore format(long seed) throws IOException {
    MemStore bucket = new MemStore();
    Volume.format(bucket, FormatOptions.DEFAULT, platform(seed));
    return bucket;
  }

  /** Opens a volume, writes, syncs, writes a checkpoint, and dies. */
  static void own(MemStore bucket, long seed) throws Exception {
    Volume volume = Volume.open(bucket, OpenOptions.DEFAULT.withTakeOver(true), platform(seed));
    FileSystem files = volume.fileSystem();
    Opened file =
        files.create(
            Caller.ROOT,
            Ino.ROOT,
            FileName.of("file"),
            new NewNode(0100600, 0),
            OpenFlags.READ_WRITE);
    byte[] bytes = new byte[1 << 20];
    new Random(3).nextBytes(bytes);
    files.write(Caller.ROOT, file.handle(), 0, MemorySegment.ofArray(bytes), false);
    files.sync(Caller.ROOT, file.handle(), false);
    volume.checkpoint();
    volume.abandon();
  }

  /** One object of each kind, by what it is. */
  static Map<String, Found> each(long formatSeed, long ownerSeed) throws Exception {
    MemStore bucket = format(formatSeed);
    own(bucket, ownerSeed);
    Map<String, Found> found = new LinkedHashMap<>();
    found.put("descriptor", read(bucket, ObjectNames.VOLUME));
    found.put("head", last(bucket, ObjectNames.HEADS));
    found.put("log entry", last(bucket, ObjectNames.LOGS));
    found.put("segment", last(bucket, ObjectNames.SEGMENTS));
    found.put("pack", last(bucket, ObjectNames.PACKS));
    found.put("fence", fence(new Epoch((int) ownerSeed), "a new owner"));
    found.put("recovered segment", recovered(List.of(run())));
    found.put("tombstone", recovered(List.of()));
    return found;
  }

  /** An object. Immutable. */
  static final class Found {
    private final ObjectKey key;
    private final byte[] bytes;

    Found(ObjectKey key, byte[] bytes) {
      this.key = key;
      this.bytes = bytes.clone();
    }

    ObjectKey key() {
      return key;
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }

  static Found fence(Epoch by, String owner) throws IOException {
    MemStore bucket = new MemStore();
    OncePut once = new OncePut(bucket, platform(1));
    LogFence.put(once, VOLUME, new LogEntry.Fence(FENCED, HEAD, by, owner));
    return read(bucket, FENCED.key());
  }

  private static InlineRun run() {
    return new InlineRun(Nonce.of(new Epoch(1), 5), 0, ByteBuffer.wrap(new byte[5000]));
  }

  private static Found recovered(List<InlineRun> runs) throws IOException {
    MemStore bucket = new MemStore();
    Nonce nonce = Nonce.of(new Epoch(1), 5);
    RecoveredSegment.put(new OncePut(bucket, platform(1)), bucket, VOLUME, nonce, runs);
    return read(bucket, ObjectNames.segment(nonce));
  }

  private static Found last(MemStore bucket, String prefix) throws IOException {
    return read(bucket, bucket.list(prefix, "", 1000).entries().getLast().key());
  }

  static Found read(MemStore bucket, ObjectKey key) throws IOException {
    ByteBuffer body = bucket.get(key, ByteRange.ALL);
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return new Found(key, bytes);
  }
}
