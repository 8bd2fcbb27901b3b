package io.strata.fs.volume;

import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Heads;
import io.strata.checkpoint.PackSizes;
import io.strata.checkpoint.PackWriter;
import io.strata.checkpoint.Retention;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.PastStates;
import io.strata.fs.Inheritance;
import io.strata.fs.continuity.Clients;
import io.strata.fs.continuity.Continuity;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.posix.AccessTimePolicy;
import io.strata.fs.posix.VolumeFileSystem;
import io.strata.fs.schema.Mutation;
import io.strata.platform.Platform;
import io.strata.replay.EntryData;
import io.strata.replay.ReplayEvents;
import io.strata.replay.ReplayFailure;
import io.strata.replay.ReplayLog;
import io.strata.replay.ReplaySizes;
import io.strata.replay.format.LogPosition;
import io.strata.segment.BlockCache;
import io.strata.segment.BlockReader;
import io.strata.segment.SegmentEvents;
import io.strata.segment.SegmentLog;
import io.strata.segment.SegmentSizes;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A volume that this process writes. Wires its parts together, and ends them in order. */
final class OwnedVolume implements Volume {
  private static final Logger LOG = LoggerFactory.getLogger(OwnedVolume.class);

  private final VolumeDescriptor descriptor;
  private final ObjectStore store;
  private final VolumeLimits limits;
  private final Platform platform;
  private final TreeAccess access;
  private final SegmentLog segments;
  private final SegmentUse use;
  private final BlockReader blocks;
  private final ReplayLog log;
  private final Lease lease;
  private final Heartbeat heartbeat;
  private final HeadKeeper heads;
  private final CheckpointBudget budget;
  private final DeadObjects dead;
  private final Checkpointer checkpointer;
  private final Deadline flush;
  private final OwnerEngine engine;
  private final VolumeFileSystem files;
  private final BackgroundTasks tasks;
  private final Compactor compactor;
  private final Restoring restoring;
  private final VisitedSnapshots past;
  private final @Nullable Continuity continuity;
  private final List<Runnable> fencedListeners = new CopyOnWriteArrayList<>();
  private boolean closed;

  private OwnedVolume(Opening.Owned owned, OpenOptions options, Platform platform)
      throws IOException {
    VolumeLimits limits = options.limits();
    SegmentSizes sizes = segmentSizes(limits);
    StoredHead head = owned.head();
    NonceCounter nonces = new NonceCounter(head.head().epoch());
    BlockCache cache = new BlockCache(sizes, platform.clock());
    descriptor = owned.volume();
    store = owned.store();
    this.limits = limits;
    this.platform = platform;
    access = owned.access();
    use = new SegmentUse(head.head().lineage());
    Lineage elsewhere = descriptor.elsewhere(head.head().lineage());
    tasks = new BackgroundTasks(platform.waiting());
    blocks = new BlockReader(owned.store(), cache, sizes, platform);
    segments =
        new SegmentLog(
            owned.once(),
            descriptor.id(),
            nonces::take,
            sizes,
            cache,
            platform,
            new SegmentListener());
    EntryData attachments = new LogAttachments(segments, limits.inlineBytesMax());
    log =
        new ReplayLog(
            owned.store(),
            owned.once(),
            descriptor.id(),
            LogPosition.start(head.head().epoch()),
            head.reference(),
            attachments,
            ReplaySizes.DEFAULT,
            platform,
            new LogListener());
    LeaseOptions leasing = options.lease();
    lease =
        new Lease(
            leasing.term(),
            Lease.patience(leasing.term(), options.ioTimeout()),
            leasing.standby(),
            owned.ownedNanos(),
            platform,
            log::verify);
    heartbeat = new Heartbeat(log, platform.clock(), leasing.term(), this::shortenLog);
    continuity = continuity(owned, options.state());
    heads =
        new HeadKeeper(
            new Heads(
                owned.store(), owned.once(), descriptor.id(), standby -> standbyFound()),
            owned.succession(),
            new Garbage(owned.store(), Retention.DEFAULT, elsewhere),
            platform.clock(),
            head,
            owned.logEnds(),
            nonces::peek,
            this::headCommitted);
    budget = new CheckpointBudget(access.state(), log, segments, limits);
    dead = new DeadObjects(access, heads, elsewhere, limits.garbageBytesMin());
    checkpointer =
        new Checkpointer(
            access,
            segments,
            use,
            log,
            heads,
            dead,
            () ->
                new PackWriter(
                    owned.once(), descriptor.id(), nonces::take, PackSizes.DEFAULT, platform),
            owned.carried(),
            budget,
            continuity == null ? (number, group) -> {} : continuity::covered,
            heartbeat::close,
            platform,
            options.checkpointInterval());
    flush = new Deadline(platform.clock(), options.flushTime(), this::flush);
    engine =
        new OwnerEngine(
            access,
            new DataReader(
                access,
                run -> segments.readResident(run.nonce(), run.logicalOffset(), run.target()),
                blocks,
                platform),
            segments,
            use,
            log,
            platform.clock(),
            head.head().epoch(),
            budget,
            tasks,
            lease,
            this::changed);
    compactor =
        new Compactor(
            owned.store(),
            owned.once(),
            descriptor.id(),
            access,
            engine,
            use,
            nonces::take,
            heads,
            elsewhere,
            limits.flushBytes(),
            budget,
            () -> segments.dirtyBytes() > limits.dirtyBytesMax() / 2,
            platform);
    restoring =
        new Restoring(
            owned.store(),
            limits,
            heads,
            checkpointer,
            engine,
            use,
            segments,
            descriptor.id(),
            platform,
            this::fenced,
            () -> tasks.start(this::reapOrphans));
    past =
        new VisitedSnapshots(
            descriptor,
            owned.store(),
            new Heads(owned.store(), owned.once(), descriptor.id()),
            heads::current,
            cache,
            access.waits(),
            limits,
            head.head().epoch(),
            platform);
    checkpointer.afterEach(() -> tasks.start(compactor::run));
    checkpointer.whenDue(compactor::checkpointDue);
    files =
        new VolumeFileSystem(
            engine,
            AccessTimePolicy.AFTER_CHANGE,
            continuity == null ? Inheritance.NONE : continuity);
  }

  private @Nullable Continuity continuity(Opening.Owned owned, @Nullable StateDirectory state)
      throws IOException {
    if (state == null) {
      return null;
    }
    Head head = owned.head().head();
    // The boot is told from the PID namespace, which a restart in a new container changes.
    String boot = head.owner().bootId().split(" ", 2)[0];
    return Continuity.open(
        state,
        descriptor.id(),
        boot,
        head.epoch(),
        owned.former(),
        log::lastCommitted,
        () -> tasks.start(this::reapOrphans));
  }

  /** Opens a volume as {@link Volume#open} does, seen from a machine. */
  static Volume open(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events)
      throws IOException {
    if (options.lease().standby() && !options.takeOver()) {
      return start(Standby.own(store, options, platform, owners, events), options, platform);
    }
    if (options.readOnly()) {
      Opening opening = Opening.begin(store, options, platform, owners, events);
      return ViewedVolume.of(opening.view(), options, platform);
    }
    Claim claim = options.takeOver() ? new Claim.Order() : new Claim.Watch();
    return start(
        Opening.take(store, options, platform, owners, events, claim), options, platform);
  }

  /** Starts a volume that was taken over. */
  static OwnedVolume start(Opening.Owned owned, OpenOptions options, Platform platform)
      throws IOException {
    OwnedVolume volume = new OwnedVolume(owned, options, platform);
    try {
      if (!owned.segmentRecords().isEmpty()) {
        volume.engine.writeQuietly(owned.segmentRecords());
      }
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (owned.replayed() || !owned.segmentRecords().isEmpty()) {
      volume.checkpointer.changed();
    }
    volume.tasks.start(volume::reapOrphans);
    if (options.lease().standby()) {
      volume.heartbeat.start();
    }
    return volume;
  }

  private void headCommitted(long sentNanos) {
    lease.renewed(sentNanos);
    heartbeat.shortened();
  }

  /** Called when the log is long of signs of life that nobody needs any more. */
  private void shortenLog() {
    checkpointer.changed();
  }

  /** Somebody waits for this volume: it must not answer for longer than he waits. */
  private void standbyFound() {
    if (!heartbeat.isStarted()) {
      LOG.info("somebody stands by for this volume: the log is kept alive from now on");
    }
    lease.harden();
    heartbeat.start();
  }

  static SegmentSizes segmentSizes(VolumeLimits limits) {
    return SegmentSizes.DEFAULTS
        .withSegmentBytesMax(limits.flushBytes())
        .withDirtyBytesMax(limits.dirtyBytesMax())
        .withCacheBytesMax(limits.cacheBytesMax(), limits.readAheadBytesMax());
  }

  private void reapOrphans() {
    try {
      files.reapOrphans();
    } catch (FsException e) {
      String why = "files without a name stay until the next start: {}";
      if (e.errno() == Errno.ESTALE || e.errno() == Errno.EINTR) {
        // Whoever opens a volume and closes it at once is not to be told so each time.
        LOG.debug(why, e.getMessage());
      } else {
        LOG.warn(why, e.getMessage());
      }
    }
  }

  /** Called under the exclusive lock. */
  private void changed() {
    flush.arm();
    checkpointer.changed();
  }

  private void flush() {
    try {
      engine.flush();
    } catch (FsException e) {
      LOG.warn("changes are not durable yet: {}", e.getMessage());
      if (e.errno() == Errno.EIO) {
        flush.arm();
      }
    }
  }

  @Override
  public FileSystem fileSystem() {
    return files;
  }

  @Override
  public Clients clients() {
    return continuity == null ? Clients.FORGOTTEN : continuity;
  }

  @Override
  public VolumeDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public VolumeStatistics statistics() {
    Head head = heads.current().head();
    CheckpointReport last = checkpointer.last();
    return new VolumeStatistics(
        descriptor.id().toString(),
        descriptor.label(),
        head.epoch().value(),
        head.number(),
        head.time(),
        ViewedVolume.spaceUse(access),
        access.state().tree().residentBytes(),
        access.state().tree().dirtyBytes(),
        log.pendingBytes(),
        access.waits().count(),
        access.waits().longest(),
        head.counters().packBytes(),
        head.counters().pages(),
        last.count(),
        last.nanos(),
        last.bytes(),
        last.pages(),
        segments.stats(),
        blocks.stats(),
        null,
        compactor.stats(),
        new LeaseState(lease.term(), lease.left(), lease.isHard(), heartbeat.isStarted()));
  }

  @Override
  public Snapshots snapshots() {
    return new OwnedSnapshots(store, heads, checkpointer, restoring, platform);
  }

  @Override
  public PastStates past() {
    return VisitedSnapshots.shown(past);
  }

  @Override
  public VolumeSpace space() throws IOException {
    return SpaceSurvey.of(access, heads.current().head(), descriptor);
  }

  @Override
  public void checkpoint() throws IOException {
    checkpointer.checkpoint();
  }

  @Override
  public Leftovers collectGarbage(LongConsumer looked) throws IOException {
    try {
      // What compaction empties dies at the first checkpoint, and goes at the second.
      checkpointer.checkpointAnyway();
      compactor.runToEnd();
      checkpointer.checkpointAnyway();
      compactor.compactStubborn();
      checkpointer.checkpointAnyway();
      checkpointer.checkpointAnyway();
      // What pins too much is let go by so many heads at most.
      boolean letGo = false;
      for (int i = 0; i < Retention.RECENT_MIN && checkpointer.isLettingGo(); i++) {
        checkpointer.checkpointAnyway();
        letGo = true;
      }
      if (letGo) {
        // So that the tree forgets what is gone.
        checkpointer.checkpointAnyway();
      }
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
    return collectLeftovers(looked);
  }

  @Override
  public void gather() throws IOException {
    try {
      new Gathering(access, compactor, checkpointer, budget, dead, heads).run();
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Leftovers collectLeftovers(LongConsumer looked) throws IOException {
    Head newest = heads.current().head();
    HeadWitness witness =
        new HeadWitness(
            store,
            descriptor.id(),
            newest.lineage(),
            limits,
            heads::readStored,
            number -> heads.current().head().kept().contains(number));
    Leftovers found =
        new LeftoverSearch(
                store, access, newest, newest.epoch(), witness, heads.disposal(), looked)
            .find();
    return found.withHeads(heads.deleteStrayHeads());
  }

  @Override
  public void whenFenced(Runnable listener) {
    fencedListeners.add(listener);
  }

  private void fenced(String why) {
    engine.fail(new FsException(Errno.ESTALE, why));
    past.close();
    lease.close();
    heartbeat.close();
    flush.close();
    budget.close();
    LOG.error("{}: nothing more is acknowledged; unmount", why);
    fencedListeners.forEach(Runnable::run);
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    engine.fail(new FsException(Errno.ESTALE, "the volume is closed"));
    past.close();
    lease.close();
    flush.close();
    try {
      tasks.close();
      checkpointer.close();
      log.close();
      // The last head needs no log; but whoever destroys the volume now must find all of it.
      log.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing the volume");
    } finally {
      heartbeat.close();
      log.close();
      segments.close();
      if (continuity != null) {
        continuity.close();
      }
    }
  }

  @Override
  public void abandon() {
    engine.fail(new FsException(Errno.ESTALE, "the volume is abandoned"));
    past.close();
    lease.close();
    heartbeat.close();
    flush.close();
    checkpointer.abandon();
    budget.close();
    log.close();
    segments.close();
    tasks.cancel();
    if (continuity != null) {
      continuity.close();
    }
  }

  private final class SegmentListener implements SegmentEvents {
    @Override
    public void sealed(SegmentIndex index) {
      try {
        engine.writeQuietly(List.of(Checkpointer.record(index, heads.nextNumber())));
        access.update(() -> use.sealed(index.nonce()));
        segments.indexed(index.nonce());
      } catch (FsException | IOException e) {
        // It stays in memory and can be read there; recovery reads the segment's own footer.
        LOG.warn("segment {} is not recorded in the tree: {}", index.nonce(), e.getMessage());
      }
    }

    @Override
    public void fenced(Nonce nonce) {
      String why = "another process has taken the volume over: segment " + nonce;
      log.fence(new ReplayFailure.Fenced(why, null));
    }

    @Override
    public void failing(StoreException why) {
      LOG.warn("file data waits for the store: {}", why.getMessage());
      if (why instanceof StoreException.Refused) {
        log.failWaiters(why);
      }
    }
  }

  private final class LogListener implements ReplayEvents {
    @Override
    public void fenced(ReplayFailure.Fenced failure) {
      OwnedVolume.this.fenced(String.valueOf(failure.getMessage()));
    }

    @Override
    public void stored(long sentNanos) {
      lease.renewed(sentNanos);
      heartbeat.heard(sentNanos);
    }

    @Override
    public void failing(StoreException cause) {
      LOG.warn("the log waits for the store: {}", cause.getMessage());
    }
  }
}
