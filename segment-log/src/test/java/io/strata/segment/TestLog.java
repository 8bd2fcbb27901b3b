package io.strata.segment;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Backoff;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.VolumeId;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A segment log and a reader over one store, with the events that the log told. */
final class TestLog implements AutoCloseable {
  static final VolumeId VOLUME = new VolumeId(new UUID(0x1122334455667788L, 0x99aabbccddeeff00L));
  static final Platform PLATFORM = SystemPlatform.create();

  /** Small limits, so that little data goes through all states. */
  static final SegmentSizes SMALL =
      new SegmentSizes(
          256 << 10, 1000, 1 << 20, 1 << 20, 3, Duration.ofMillis(5), 1 << 20, 512 << 10);

  private static final Backoff QUICK = new Backoff(Duration.ofNanos(1000), Duration.ofMillis(1));

  final RecordedEvents events = new RecordedEvents();
  final SegmentLog log;
  final BlockReader reader;
  final OncePut puts;
  private final AtomicLong counter = new AtomicLong();
  private final Set<Nonce> returned = new HashSet<>();

  TestLog(ObjectStore store) {
    this(store, SMALL, PLATFORM);
  }

  TestLog(ObjectStore store, SegmentSizes sizes, Platform platform) {
    puts = new OncePut(store, platform, QUICK);
    BlockCache cache = new BlockCache(sizes, PLATFORM.clock());
    log = new SegmentLog(puts, VOLUME, this::nextNonce, sizes, cache, platform, events);
    reader = new BlockReader(store, cache, sizes, platform);
  }

  private Nonce nextNonce() {
    return nonce(counter.getAndIncrement());
  }

  static Nonce nonce(long counter) {
    return Nonce.of(new Epoch(1), counter);
  }

  Placement append(byte[] bytes) {
    return log.append(MemorySegment.ofArray(bytes), 7, 0);
  }

  /**
   * Waits until everything sealed is stored and announced; returns what was not returned before.
   */
  List<SegmentIndex> awaitStored() throws Exception {
    long sealed = counter.get() - (log.openBytes() > 0 ? 1 : 0);
    for (SealedSegment segment : log.unacknowledged()) {
      segment.stored().get(20, TimeUnit.SECONDS);
    }
    Eventually.holds("all are announced", () -> events.sealed.size() >= sealed);
    List<SegmentIndex> news =
        events.sealed.values().stream()
            .filter(index -> returned.add(index.nonce()))
            .sorted(Comparator.comparing(SegmentIndex::nonce))
            .toList();
    return news;
  }

  /** Seals the open segment, waits until it is stored and lets memory forget everything. */
  List<SegmentIndex> flush() throws Exception {
    log.roll();
    List<SegmentIndex> indices = awaitStored();
    indices.forEach(index -> log.indexed(index.nonce()));
    return indices;
  }

  /** Reads as the filesystem does: from memory, or else from the store. */
  byte[] read(Placement at, int length) throws Exception {
    byte[] bytes = new byte[length];
    MemorySegment target = MemorySegment.ofArray(bytes);
    if (!log.readResident(at.nonce(), at.logicalOffset(), target)) {
      SegmentIndex index = events.sealed.get(at.nonce());
      if (index == null) {
        throw new AssertionError("neither resident nor indexed: " + at);
      }
      reader.read(index, at.logicalOffset(), target);
    }
    return bytes;
  }

  @Override
  public void close() {
    log.close();
  }
}
