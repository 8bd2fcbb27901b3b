package io.strata.segment;

import io.strata.platform.Platform;
import io.strata.segment.format.SegmentFooter;
import io.strata.store.Nonce;
import io.strata.store.OncePut;
import io.strata.store.VolumeId;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The append-only stream of all file data that a volume's owner writes.
 *
 * <p>There is one open segment. Its full blocks are compressed by the platform's workers while it
 * grows; when it is large enough, or somebody says {@link #roll}, it is sealed and put in the
 * background, several at a time, and the next append opens another. Its bytes can be read with
 * {@link #readResident} until it is stored and {@link #indexed}; by then its blocks are in the
 * {@link BlockCache}.
 *
 * <p>Safe for use by any thread. Only {@link #admit} waits; nothing else waits for the store.
 * Appended bytes count as dirty until their segment is acknowledged, also when a log entry has
 * carried them inline.
 */
public final class SegmentLog implements AutoCloseable {
  private final NonceSource nonces;
  private final SegmentSizes sizes;
  private final BlockCache cache;
  private final Platform platform;
  private final SegmentEvents events;
  private final Uploads uploads;
  private final DirtyBudget budget;

  /** Segments whose bytes are in memory. Changed under the lock, read without. */
  private final Map<Nonce, Segment> resident = new ConcurrentHashMap<>();

  private final AtomicLong appendedBytes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock:
  private final Deque<Segment> unacknowledged = new ArrayDeque<>();
  private @Nullable Segment open;
  private @Nullable Exception ended;
  private long storedSegments;
  private long storedBytes;

  /**
   * An empty log.
   *
   * @param puts how segments are put; it should try for ever
   * @param volume whose segments they are
   * @param nonces names for segments
   * @param cache where the blocks of a segment go once it is stored
   */
  public SegmentLog(
      OncePut puts,
      VolumeId volume,
      NonceSource nonces,
      SegmentSizes sizes,
      BlockCache cache,
      Platform platform,
      SegmentEvents events) {
    this.nonces = nonces;
    this.sizes = sizes;
    this.cache = cache;
    this.platform = platform;
    this.events = events;
    this.uploads = new Uploads(puts, volume, sizes, platform, events);
    this.budget = new DirtyBudget(sizes.dirtyBytesMax(), platform.clock());
  }

  /**
   * Waits until {@code bytes} more can be appended without too much dirty data. To be called before
   * an append, on a virtual thread, without any lock. Callers go in the order in which they came;
   * one that wants more than {@link SegmentSizes#dirtyBytesMax} goes when nothing is dirty.
   *
   * @throws FencedException if nothing will be stored any more
   * @throws IllegalStateException if the log is closed
   */
  public void admit(long bytes) throws FencedException, InterruptedException {
    budget.admit(bytes, this::rollIfIdle);
  }

  /** As {@link #admit}, but instead of waiting (or failing) returns false. */
  public boolean tryAdmit(long bytes) {
    return budget.tryAdmit(bytes);
  }

  /**
   * Appends a run of a file's bytes, copying them. Never waits; whether there is room is for {@link
   * #admit} to say.
   *
   * @param bytes 1 to {@link SegmentSizes#appendBytesMax} bytes; if reading them fails, nothing is
   *     appended
   * @param ino the file's inode number, for the summary
   * @param fileOffset where in the file they belong, for the summary
   * @return where they are from now on
   */
  public Placement append(MemorySegment bytes, long ino, long fileOffset) {
    long count = bytes.byteSize();
    if (count < 1 || count > sizes.appendBytesMax()) {
      throw new IllegalArgumentException("cannot append " + count + " bytes");
    }
    Segment segment;
    Placement placement;
    List<Block> filled;
    @Nullable Sealing sealing = null;
    lock.lock();
    try {
      segment = openSegment();
      placement = new Placement(segment.nonce(), segment.length());
      filled = segment.append(bytes, ino, fileOffset);
      appendedBytes.addAndGet(count);
      budget.appended(count);
      if (segment.length() >= sizes.segmentBytesMax()
          || segment.summaryCount() >= sizes.summaryRunsMax()) {
        sealing = sealOpen();
      }
    } finally {
      lock.unlock();
    }
    encode(segment, filled);
    finish(sealing);
    return placement;
  }

  /**
   * What must become durable with a log entry that is being cut now: everything that was appended
   * and was not attached to an entry before. A run of bytes is attached once, inline or through its
   * segment; it is durable when that entry and all before it are. Bytes that went inline stay in
   * their segment all the same.
   *
   * <p>The youngest bytes go inline as far as they fit; if those of the open segment do not, it is
   * sealed. Segments that the store has acknowledged need no mention.
   *
   * @param inlineBytesMax how many bytes the entry may carry, at least 0
   */
  public Attachment attach(long inlineBytesMax) {
    List<InlineRun> inline = new ArrayList<>();
    List<Dependency> segments = new ArrayList<>();
    @Nullable Sealing sealing = null;
    lock.lock();
    try {
      long room = inlineBytesMax;
      List<Segment> newestFirst = new ArrayList<>(unacknowledged.reversed());
      if (open != null) {
        newestFirst.addFirst(open);
      }
      for (Segment segment : newestFirst) {
        long wanted = segment.unattached();
        if (wanted > 0 && wanted <= room) {
          inline.add(segment.attachInline());
          room -= wanted;
        } else if (wanted > 0) {
          sealing = segment == open ? sealOpen() : sealing;
          segments.add(segment.attachWhole());
        }
      }
    } finally {
      lock.unlock();
    }
    finish(sealing);
    if (inline.isEmpty() && segments.isEmpty()) {
      return Attachment.NOTHING;
    }
    Collections.reverse(inline);
    Collections.reverse(segments);
    return new Attachment(inline, segments);
  }

  /** Seals the open segment if it holds anything: it is on its way to the store then. */
  public void roll() {
    @Nullable Sealing sealing;
    lock.lock();
    try {
      sealing = sealOpen();
    } finally {
      lock.unlock();
    }
    finish(sealing);
  }

  /** The sealed segments that the store has not acknowledged, oldest first. */
  public List<SealedSegment> unacknowledged() {
    lock.lock();
    try {
      return unacknowledged.stream().map(Segment::sealedView).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The sealed segments of which {@link #indexed} was not said, oldest first; the store may have
   * some of them already.
   */
  public List<SealedSegment> unindexed() {
    lock.lock();
    try {
      return resident.values().stream()
          .filter(segment -> segment != open && !segment.isIndexed())
          .sorted(Comparator.comparing(Segment::nonce))
          .map(Segment::sealedView)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that the tree has the index of a segment, so that its bytes can be found in the store once
   * they are there. A segment that is not in memory is no error.
   */
  public void indexed(Nonce nonce) {
    lock.lock();
    try {
      Segment segment = resident.get(nonce);
      if (segment != null) {
        segment.index();
        releaseIfNotNeeded(segment);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads bytes that are still in memory, without a lock.
   *
   * @return false, with {@code target} as it was, if the segment is not in memory (any more)
   * @throws IndexOutOfBoundsException if the segment has not so many bytes
   */
  public boolean readResident(Nonce nonce, long logicalOffset, MemorySegment target) {
    Segment segment = resident.get(nonce);
    if (segment == null) {
      return false;
    }
    segment.read(logicalOffset, target);
    return true;
  }

  /** Appended bytes that the store has not acknowledged. */
  public long dirtyBytes() {
    return budget.dirtyBytes();
  }

  /** Logical bytes ever appended. */
  public long appendedBytes() {
    return appendedBytes.get();
  }

  /** Logical bytes in the open segment. */
  public long openBytes() {
    lock.lock();
    try {
      return open == null ? 0 : open.length();
    } finally {
      lock.unlock();
    }
  }

  /** What the log holds and has done. */
  public SegmentLogStats stats() {
    lock.lock();
    try {
      return new SegmentLogStats(
          open == null ? 0 : open.length(),
          budget.dirtyBytes(),
          resident.values().stream().mapToLong(Segment::length).sum(),
          unacknowledged.size(),
          appendedBytes.get(),
          storedSegments,
          storedBytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends all uploads without waiting for them: what is not stored by now is for the replay log, or
   * lost. To close in order, {@link #roll} and wait for {@link #unacknowledged} first.
   */
  @Override
  public void close() {
    end(new CancellationException("the segment log was closed"));
    budget.close();
  }

  private Segment openSegment() {
    if (ended instanceof CancellationException) {
      throw new IllegalStateException("the segment log is closed");
    }
    Segment segment = open;
    if (segment == null) {
      segment = new Segment(nonces.next());
      open = segment;
      resident.put(segment.nonce(), segment);
    }
    return segment;
  }

  /** What is left to do, without the lock, for a segment that was sealed under it. */
  private record Sealing(Segment segment, List<Block> last) {}

  private @Nullable Sealing sealOpen() {
    Segment segment = open;
    if (segment == null) {
      return null;
    }
    open = null;
    unacknowledged.add(segment);
    return new Sealing(segment, segment.seal());
  }

  private void finish(@Nullable Sealing sealing) {
    if (sealing != null) {
      encode(sealing.segment(), sealing.last());
      if (sealing.segment().encodingEnded()) {
        encoded(sealing.segment());
      }
    }
  }

  private void encode(Segment segment, List<Block> blocks) {
    for (Block block : blocks) {
      platform.workers().execute(() -> encode(segment, block));
    }
  }

  private void encode(Segment segment, Block block) {
    try {
      block.encode();
    } catch (RuntimeException | Error e) {
      segment.fail(e); // or those who wait for it would wait for ever
      throw e;
    }
    if (segment.encodingEnded()) {
      encoded(segment);
    }
  }

  private void encoded(Segment segment) {
    platform.waiting().execute(() -> announceAndPut(segment));
  }

  private void announceAndPut(Segment segment) {
    @Nullable Exception end = ended();
    if (end != null) {
      segment.fail(end);
      return;
    }
    SegmentFooter footer = segment.footer();
    uploads.start(segment, footer, new UploadEnding());
    try {
      // First, so that nobody who waits for the index can commit a head before this tells of it.
      events.sealed(footer.index());
    } finally {
      segment.completeIndex(footer.index());
    }
  }

  private @Nullable Exception ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Puts nothing any more. Returns whether this is the first reason not to. */
  private boolean end(Exception why) {
    List<Segment> lost;
    lock.lock();
    try {
      if (ended != null) {
        return false;
      }
      ended = why;
      lost = List.copyOf(unacknowledged);
    } finally {
      lock.unlock();
    }
    uploads.stop();
    lost.forEach(segment -> segment.fail(why));
    return true;
  }

  /** Seals the open segment if somebody waits for room and nothing else would make any. */
  private void rollIfIdle() {
    boolean idle;
    lock.lock();
    try {
      idle = unacknowledged.isEmpty();
    } finally {
      lock.unlock();
    }
    if (idle) {
      roll();
    }
  }

  private void releaseIfNotNeeded(Segment segment) {
    if (segment.releasable()) {
      resident.remove(segment.nonce());
    }
  }

  private final class UploadEnding implements Uploads.Ending {
    @Override
    public void stored(Segment segment, long objectBytes) {
      cache.putSegment(segment); // before memory may forget it: a reader misses neither
      lock.lock();
      try {
        unacknowledged.remove(segment);
        storedSegments++;
        storedBytes += objectBytes;
        segment.acknowledge();
        segment.dropStored();
        releaseIfNotNeeded(segment);
        budget.acknowledged(segment.length());
      } finally {
        lock.unlock();
      }
      segment.completeStored();
      if (budget.hasWaiters()) {
        rollIfIdle();
      }
    }

    @Override
    public void taken(Segment segment) {
      if (end(new FencedException(segment.nonce()))) {
        budget.fence(segment.nonce());
        events.fenced(segment.nonce());
      }
    }
  }
}
