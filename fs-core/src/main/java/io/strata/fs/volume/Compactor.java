package io.strata.fs.volume;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.TreeKeys;
import io.strata.platform.Platform;
import io.strata.segment.BlockReader;
import io.strata.segment.CompactedSegment;
import io.strata.segment.FencedException;
import io.strata.segment.Placement;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Ahead;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives space back: copies what is live of segments that are mostly garbage, or small, into one new
 * segment, so that they die at the next checkpoint and go by the one rule for garbage.
 *
 * <p>Runs after a checkpoint, one batch of at most a segment's length after the other, at no more
 * than {@link #BYTES_PER_SECOND}, and not while writers fill memory, unless garbage presses ({@link
 * Pressure#isPressing}). Holds a few segments in memory while it copies. A crash in its midst
 * leaves at most one segment that nothing refers to.
 */
final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private static final long BYTES_PER_SECOND = 64L << 20;

  /** Extents that one group moves. */
  private static final int MOVES_MAX = 256;

  /** Runs of a summary that are looked up under one lock. */
  private static final int RUNS_MAX = 64;

  /** Summaries, and segments, that are read at the same time. */
  private static final int FOOTERS_AHEAD = 8;

  private static final int SEGMENTS_AHEAD = 3;

  private final ObjectStore store;
  private final OncePut once;
  private final VolumeId volume;
  private final TreeAccess access;
  private final OwnerEngine engine;
  private final SegmentUse use;
  private final Supplier<Nonce> nonces;
  private final HeadKeeper heads;
  private final CheckpointBudget budget;
  private final BooleanSupplier busy;
  private final Platform platform;
  private final VictimChoice choice;

  /** Held for a batch. */
  private final ReentrantLock running = new ReentrantLock();

  private final AtomicBoolean paced = new AtomicBoolean();

  private final AtomicLong emptiedSegments = new AtomicLong();
  private final AtomicLong copiedBytes = new AtomicLong();

  /**
   * A compactor for a volume that this process owns.
   *
   * @param elsewhere which segments are in other volumes' places
   * @param segmentBytes how long a new segment may be
   * @param busy whether writers need the store and the memory more
   */
  Compactor(
      ObjectStore store,
      OncePut once,
      VolumeId volume,
      TreeAccess access,
      OwnerEngine engine,
      SegmentUse use,
      Supplier<Nonce> nonces,
      HeadKeeper heads,
      Lineage elsewhere,
      long segmentBytes,
      CheckpointBudget budget,
      BooleanSupplier busy,
      Platform platform) {
    this.store = store;
    this.once = once;
    this.volume = volume;
    this.access = access;
    this.engine = engine;
    this.use = use;
    this.nonces = nonces;
    this.heads = heads;
    this.budget = budget;
    this.busy = busy;
    this.platform = platform;
    this.choice = new VictimChoice(access, elsewhere, segmentBytes);
  }

  /** What has been done so far. */
  CompactionStats stats() {
    WritePace pace = engine.pace();
    return new CompactionStats(
        emptiedSegments.get(), copiedBytes.get(), pace.isSlowed(), pace.slowedSoFar());
  }

  /**
   * Compacts what is worth it, slowly, unless that is being done; a failure waits for the next time.
   */
  void run() {
    if (!paced.compareAndSet(false, true)) {
      return;
    }
    try {
      orWarn(
          () -> {
            for (long bytes = batch(false); bytes >= 0; bytes = batch(false)) {
              // Whoever cannot wait may go on meanwhile.
              long pauseMillis = choice.pressure().isPressing() ? 0 : bytes * 1000 / BYTES_PER_SECOND;
              platform.clock().sleep(Duration.ofMillis(1 + pauseMillis));
            }
          });
    } finally {
      // Whatever has ended it, nobody is to wait for what does not come.
      engine.pace().slow(false);
      paced.set(false);
    }
  }

  /**
   * So much has become garbage that a checkpoint is due, without which compaction does not see it: if
   * it is too much, others wait from now on. Until {@link #run} has come to it, and not for ever: if
   * no checkpoint can be made they go on at {@link WritePace#BYTES_PER_SECOND_MIN}.
   */
  void checkpointDue() {
    if (!engine.pace().isSlowed() && pressure().isOverwhelming()) {
      engine.pace().slow(true);
    }
  }

  private Pressure pressure() {
    return choice.pressure().with(budget.overwrittenBytes());
  }

  /** The same at once, and thoroughly: then nothing is left that is worth it. */
  void runToEnd() {
    orWarn(
        () -> {
          while (batch(true) >= 0) {
            LOG.trace("a batch was compacted");
          }
        });
  }

  /** Something that compacts. */
  @FunctionalInterface
  private interface Compaction {
    void run() throws IOException, FsException, InterruptedException;
  }

  private static void orWarn(Compaction compaction) {
    try {
      compaction.run();
    } catch (FencedException e) {
      LOG.debug("compaction met another owner", e);
    } catch (InterruptedIOException e) {
      LOG.debug("compaction was interrupted, as the volume is closed", e);
    } catch (IOException | FsException e) {
      LOG.warn("compaction will be tried again: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Compacts a batch, and returns how many bytes were copied; -1 if nothing is worth it now. */
  private long batch(boolean thoroughly) throws IOException, FsException {
    enter();
    try {
      List<Victim> batch = choice.choose(heads.current().head().number(), thoroughly);
      Pressure pressure = pressure();
      if (batch.isEmpty() || (busy.getAsBoolean() && !pressure.isPressing())) {
        return -1;
      }
      engine.pace().slow(!thoroughly && pressure.isOverwhelming());
      long copied = compactWhole(batch);
      engine.pace().give(pressure.forOthers(VictimChoice.gain(batch)));
      return copied;
    } finally {
      running.unlock();
    }
  }

  /**
   * Copies what files refer to in segments that are not the volume's own; what summaries do not lead
   * to is left to {@link #compactStubborn}. Waits for a compaction that is being done.
   */
  void gather(Lineage lineage) throws IOException, FsException {
    enter();
    try {
      Nonce last = null;
      List<Victim> left = choice.shared(lineage, null);
      while (!left.isEmpty()) {
        List<Victim> batch = choice.fitting(left);
        compact(batch, this::live);
        last = batch.getLast().nonce();
        left = left.subList(batch.size(), left.size());
        if (left.isEmpty()) {
          left = choice.shared(lineage, last);
        }
      }
      Set<Nonce> idle = choice.sharedInVain(lineage);
      access.update(() -> idle.forEach(use::sealed));
    } finally {
      running.unlock();
    }
  }

  private void enter() throws InterruptedIOException {
    try {
      running.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a compaction");
    }
  }

  /**
   * Empties also the segments that summaries do not lead to, by looking at every extent of the
   * volume; to be called when {@link #run} has nothing left to do and a checkpoint was made since.
   */
  void compactStubborn() throws IOException, FsException {
    enter();
    try {
      emptyStubborn();
    } finally {
      running.unlock();
    }
  }

  private void emptyStubborn() throws IOException, FsException {
    List<Victim> left = choice.stubborn();
    if (left.isEmpty()) {
      return;
    }
    Map<Nonce, List<LiveExtent>> found = new HashMap<>();
    left.forEach(victim -> found.put(victim.nonce(), new ArrayList<>()));
    TreeEntries.visit(
        access,
        TreeKeys.inodes(),
        entry ->
            LiveExtent.of(entry)
                .ifPresent(
                    one -> {
                      List<LiveExtent> live = found.get(one.extent().nonce());
                      if (live != null) {
                        live.add(one);
                      }
                    }));
    while (!left.isEmpty()) {
      List<Victim> batch = choice.fitting(left);
      compact(
          batch,
          victims ->
              victims.stream()
                  .map(one -> new Source(one, found.getOrDefault(one.nonce(), List.of())))
                  .toList());
      left = left.subList(batch.size(), left.size());
    }
  }

  /** Empties those of a batch that are not damaged, and returns how many bytes were copied. */
  private long compactWhole(List<Victim> batch) throws IOException, FsException {
    try {
      return compact(batch, this::live);
    } catch (StoreException.Corrupt | StoreException.Missing e) {
      LOG.debug("one of {} segments is damaged: each by itself", batch.size(), e);
    }
    long copied = 0;
    for (Victim victim : batch) {
      try {
        copied += compact(List.of(victim), this::live);
      } catch (StoreException.Corrupt | StoreException.Missing e) {
        choice.isStubborn(victim);
        LOG.warn(
            "segment {} is left as it is, garbage and all: {}; run strata fsck",
            victim.nonce(),
            e.getMessage());
      }
    }
    return copied;
  }

  /** A segment and the extents that refer to it. */
  private record Source(Victim victim, Collection<LiveExtent> live) {}

  /** Finds the extents that refer to segments. */
  @FunctionalInterface
  private interface Search {
    List<Source> live(List<Victim> batch) throws IOException, FsException;
  }

  /** Empties a batch, and returns how many bytes were copied. */
  private long compact(List<Victim> batch, Search search) throws IOException, FsException {
    SortedMap<LiveExtent, byte[]> bytes = new TreeMap<>(LiveExtent.BY_FILE);
    ahead(
        search.live(batch).stream().filter(source -> !source.live().isEmpty()).toList(),
        SEGMENTS_AHEAD,
        source -> VictimBytes.read(store, source.victim().index(), source.live()),
        (source, read) -> bytes.putAll(read));
    // Emptied or not: with as many live bytes as now it is no use to look at them again.
    batch.forEach(choice::isStubborn);
    if (bytes.isEmpty()) {
      return 0;
    }
    CompactedSegment target = new CompactedSegment(nonces.get());
    List<Relocation.Move> moves = new ArrayList<>();
    for (var one : bytes.entrySet()) {
      moves.add(copy(one.getKey(), one.getValue(), target));
    }
    bytes.clear();
    budget.emptied(batch.stream().mapToLong(victim -> victim.index().logicalLength()).sum());
    store(target, moves);
    emptiedSegments.addAndGet(batch.size());
    copiedBytes.addAndGet(target.length());
    LOG.debug(
        "compaction: {} live bytes of {} segments are in segment {} now",
        target.length(),
        batch.size(),
        target.nonce());
    return target.length();
  }

  private List<Source> live(List<Victim> batch) throws IOException, FsException {
    Lineage lineage = heads.current().head().lineage();
    List<SegmentFooter> footers = new ArrayList<>(batch.size());
    ahead(
        batch,
        FOOTERS_AHEAD,
        victim ->
            BlockReader.readFooter(store, lineage.volume(victim.nonce(), volume), victim.nonce()),
        (victim, footer) -> footers.add(footer));
    List<Source> sources = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Victim victim = batch.get(i);
      sources.add(new Source(victim, live(victim.nonce(), footers.get(i).summary())));
    }
    return sources;
  }

  private Set<LiveExtent> live(Nonce nonce, List<SummaryRun> runs)
      throws IOException, FsException {
    Set<LiveExtent> found = new LinkedHashSet<>();
    for (int from = 0; from < runs.size(); from += RUNS_MAX) {
      List<SummaryRun> some = runs.subList(from, Math.min(runs.size(), from + RUNS_MAX));
      found.addAll(
          engine.read(
              Caller.ROOT,
              metadata -> {
                List<LiveExtent> here = new ArrayList<>();
                for (SummaryRun run : some) {
                  here.addAll(LiveExtent.find(metadata, nonce, run));
                }
                return here;
              }));
    }
    return found;
  }

  private <T, R> void ahead(
      List<T> subjects, int width, Ahead.Request<T, R> request, Ahead.Use<T, R> use)
      throws IOException {
    try {
      Ahead.each(platform, subjects.iterator(), width, request, use);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading segments");
    }
  }

  private static Relocation.Move copy(LiveExtent one, byte[] bytes, CompactedSegment target) {
    Extent from = one.extent();
    Placement to =
        target.append(MemorySegment.ofArray(bytes), one.ino().value(), from.fileOffset());
    return new Relocation.Move(
        one, new Extent(from.fileOffset(), from.length(), to.nonce(), to.logicalOffset()));
  }

  private void store(CompactedSegment target, List<Relocation.Move> moves)
      throws IOException, FsException {
    use.pin(target.nonce());
    try {
      SegmentIndex index = target.put(once, volume, platform.workers());
      engine.writeQuietly(List.of(Checkpointer.record(index, heads.nextNumber())));
      access.update(() -> use.sealed(index.nonce()));
      for (int from = 0; from < moves.size(); from += MOVES_MAX) {
        engine.write(
            Caller.ROOT,
            new Relocation(moves.subList(from, Math.min(moves.size(), from + MOVES_MAX))));
      }
    } finally {
      use.unpin(target.nonce());
    }
  }
}
