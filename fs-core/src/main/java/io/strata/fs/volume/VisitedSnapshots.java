package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleCounter;
import io.strata.fs.PastNumber;
import io.strata.fs.PastState;
import io.strata.fs.PastStates;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Timestamp;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.segment.BlockCache;
import io.strata.store.Epoch;
import io.strata.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of an open volume that are being looked at.
 *
 * <p>One that is entered stays open until it has not been used for {@link #IDLE}, or makes room for
 * another; then the next look at it opens it again. A bounded number is open: their tree pages have
 * {@link Limits#pageBytes} each, and blocks of file data are in the volume's own cache, under the
 * same names, as most segments of a snapshot are the volume's too.
 *
 * <p>Deletion of a snapshot ends it at once: who enters it is refused, and who is in it meets objects
 * that are gone, never other bytes. Safe for any thread.
 */
final class VisitedSnapshots implements PastStates, AutoCloseable {
  /** How long a snapshot stays open that nobody uses. */
  static final Duration IDLE = Duration.ofMinutes(1);

  private final Supplier<StoredHead> newest;
  private final SnapshotOpening opening;
  private final Clock clock;
  private final StoreWaits waits;
  private final HandleCounter handles;
  private final int openMax;
  private volatile Listed listed = Listed.of(List.of());

  /** By the numbers of their heads; guarded by this, as all below. */
  private final Map<Long, VisitedSnapshot> open = new HashMap<>();

  private Clock.@Nullable Timer sweep;
  private boolean closed;

  /** The snapshots of a head, in the forms in which they are asked for. */
  private record Listed(
      List<NamedSnapshot> snapshots, List<PastState> states, Map<Long, PastState> byHead) {
    static Listed of(List<NamedSnapshot> snapshots) {
      List<PastState> states =
          snapshots.stream()
              .map(Listed::state)
              .sorted(Comparator.comparingLong(PastState::head))
              .toList();
      Map<Long, PastState> byHead = new HashMap<>();
      states.forEach(state -> byHead.put(state.head(), state));
      return new Listed(snapshots, states, byHead);
    }

    private static PastState state(NamedSnapshot snapshot) {
      return new PastState(
          snapshot.checkpoint().number(),
          FileName.of(snapshot.name()),
          Timestamp.of(snapshot.checkpoint().time()));
    }

    boolean has(PastState state) {
      return state.equals(byHead.get(state.head()));
    }
  }

  /**
   * How much snapshots may use.
   *
   * @param openMax how many are open at a time
   * @param pageBytes memory for tree pages of each
   */
  record Limits(int openMax, long pageBytes) {
    private static final long PAGE_BYTES_MIN = 1 << 20;
    private static final int OPEN_MAX = 16;

    /** A quarter of what the volume has for its own pages, for all together. */
    static Limits of(VolumeLimits volume) {
      long all = volume.pageBytesMax() / 4;
      int openMax = Math.clamp(all / PAGE_BYTES_MIN, 2, OPEN_MAX);
      return new Limits(openMax, Math.max(PAGE_BYTES_MIN, all / openMax));
    }
  }

  /**
   * The snapshots of a volume: none is open yet.
   *
   * @param newest the newest head that is known, which says what snapshots there are
   * @param heads where their heads are read
   * @param cache the volume's
   * @param epoch in which the volume is open
   */
  VisitedSnapshots(
      VolumeDescriptor volume,
      ObjectStore store,
      Heads heads,
      Supplier<StoredHead> newest,
      BlockCache cache,
      StoreWaits waits,
      VolumeLimits limits,
      Epoch epoch,
      Platform platform) {
    Limits own = Limits.of(limits);
    this.newest = newest;
    this.clock = platform.clock();
    this.waits = waits;
    this.handles = HandleCounter.ofSnapshots(epoch);
    this.openMax = own.openMax();
    this.opening =
        new SnapshotOpening(
            volume,
            store,
            heads,
            newest,
            cache,
            waits,
            limits,
            own.pageBytes(),
            handles,
            platform);
  }

  /** What a volume shows of its snapshots, which may be none. */
  static PastStates shown(@Nullable VisitedSnapshots past) {
    return past == null || past.handles.epoch().value() >= PastNumber.EPOCH_END ? NONE : past;
  }

  @Override
  public HandleCounter handles() {
    return handles;
  }

  @Override
  public List<PastState> list() {
    return listed().states;
  }

  @SuppressWarnings("ReferenceEquality") // most heads have the same snapshots as the one before
  private Listed listed() {
    List<NamedSnapshot> now = newest.get().head().snapshots();
    Listed last = listed;
    if (last.snapshots != now) {
      last =
          last.snapshots.equals(now)
              ? new Listed(now, last.states, last.byHead)
              : Listed.of(now);
      listed = last;
    }
    return last;
  }

  @Override
  public Visit visit(Caller caller, PastState state) throws FsException {
    VisitedSnapshot snapshot = enter(caller, state);
    boolean entered = false;
    try {
      FileSystem files = snapshot.files();
      if (files == null) {
        if (!caller.mayWait()) {
          throw new WouldBlock();
        }
        files = opened(snapshot);
      }
      entered = true;
      return new Use(snapshot, files);
    } finally {
      if (!entered) {
        leave(snapshot);
      }
    }
  }

  private FileSystem opened(VisitedSnapshot snapshot) throws FsException {
    FileSystem[] files = new FileSystem[1];
    waits.await(() -> files[0] = snapshot.open());
    return files[0];
  }

  private synchronized VisitedSnapshot enter(Caller caller, PastState state) throws FsException {
    if (closed || !listed().has(state)) {
      throw new FsException(Errno.ESTALE, "snapshot " + state.name() + " is deleted");
    }
    VisitedSnapshot there = open.get(state.head());
    if (there == null) {
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      makeRoom();
      there = new VisitedSnapshot(state, opening);
      open.put(state.head(), there);
    }
    there.enter();
    return there;
  }

  private void makeRoom() throws FsException {
    if (open.size() < openMax) {
      return;
    }
    Optional<VisitedSnapshot> oldest =
        open.values().stream()
            .filter(each -> !each.isUsed())
            .min(Comparator.comparingLong(each -> each.leftNanos() - clock.nanoTime()));
    if (oldest.isEmpty()) {
      throw new FsException(
          Errno.ENFILE,
          "files are open in %d snapshots, as many as can be looked at at a time".formatted(openMax));
    }
    end(oldest.get());
  }

  private void end(VisitedSnapshot snapshot) {
    open.remove(snapshot.state().head());
    snapshot.close();
  }

  private synchronized void leave(VisitedSnapshot snapshot) {
    snapshot.leave(clock.nanoTime());
    if (snapshot.isUsed()) {
      return;
    }
    if (closed || snapshot.files() == null) {
      end(snapshot);
    } else if (sweep == null) {
      sweep = clock.schedule(IDLE, this::sweep);
    }
  }

  /** Closes what nobody has used for some time, and what is deleted. */
  private synchronized void sweep() {
    sweep = null;
    if (closed) {
      return;
    }
    long now = clock.nanoTime();
    Listed there = listed();
    for (VisitedSnapshot each : new ArrayList<>(open.values())) {
      boolean idle = now - each.leftNanos() >= IDLE.toNanos();
      if (!each.isUsed() && (idle || !there.has(each.state()))) {
        end(each);
      }
    }
    if (!open.isEmpty()) {
      sweep = clock.schedule(IDLE, this::sweep);
    }
  }

  /** How many are open. */
  synchronized int openCount() {
    return open.size();
  }

  /** Lets nobody in any more; who is in finds nothing that is not in memory. */
  @Override
  public synchronized void close() {
    closed = true;
    if (sweep != null) {
      sweep.cancel();
      sweep = null;
    }
    new ArrayList<>(open.values()).forEach(this::end);
  }

  /** One use of one snapshot. */
  private final class Use implements Visit {
    private final VisitedSnapshot snapshot;
    private final FileSystem files;

    Use(VisitedSnapshot snapshot, FileSystem files) {
      this.snapshot = snapshot;
      this.files = files;
    }

    @Override
    public FileSystem files() {
      return files;
    }

    @Override
    public void close() {
      leave(snapshot);
    }
  }
}
