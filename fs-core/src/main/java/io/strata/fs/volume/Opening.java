package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.DamagedPage;
import io.strata.btree.PageAddress;
import io.strata.btree.TreeSizes;
import io.strata.checkpoint.Collected;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Heads;
import io.strata.checkpoint.PackReader;
import io.strata.checkpoint.Retention;
import io.strata.checkpoint.Succession;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.StoredHead;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.continuity.FormerEpoch;
import io.strata.fs.schema.Mutation;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.replay.LogEnd;
import io.strata.replay.LogFence;
import io.strata.replay.LogReader;
import io.strata.segment.format.SegmentIndex;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps from a bucket to an open volume. Confined to one thread.
 *
 * <p>Everything that can be found wrong by reading is read before the first put: a volume that
 * cannot be opened is left as it was.
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  /** How often an owner may be a checkpoint ahead of who takes the volume from it. */
  private static final int TRIES_MAX = 8;

  /** The volume's own objects and, under the same names, those that it shares. */
  private final ObjectStore store;

  private final OpenOptions options;
  private final Platform platform;
  private final Owners owners;
  private final OpeningEvents events;
  private final VolumeDescriptor volume;
  private final OncePut once;
  private final Heads heads;
  private final LogReader logs;
  private final StoredHead newest;
  private final List<ObjectKey> standbys;

  private Opening(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events,
      VolumeDescriptor volume,
      OncePut once,
      Heads heads,
      StoredHead newest,
      List<ObjectKey> standbys) {
    this.store = store;
    this.options = options;
    this.platform = platform;
    this.owners = owners;
    this.events = events;
    this.volume = volume;
    this.once = once;
    this.heads = heads;
    this.logs = new LogReader(store, volume.id(), platform);
    this.newest = newest;
    this.standbys = List.copyOf(standbys);
  }

  /** Reads what a volume says of itself. */
  static Opening begin(
      ObjectStore bucket,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events)
      throws IOException {
    try {
      ObjectStore store = options.readOnly() ? new ShadowStore(bucket) : bucket;
      return read(store, options, platform, owners, events);
    } catch (StoreException.Corrupt e) {
      throw damaged(e);
    }
  }

  /**
   * Takes the volume over and brings it up to date. An owner that is about to lose it may commit a
   * checkpoint while its state is read, also one that has just been killed: its last request may
   * still be on its way. The volume is then read again.
   *
   * @param claim by what right, if its last owner has not closed it
   * @throws VolumeException if that is none
   */
  static Owned take(
      ObjectStore bucket,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events,
      Claim claim)
      throws IOException {
    Opening opening = begin(bucket, options, platform, owners, events);
    for (int tries = 1; ; tries++) {
      Optional<Owned> owned = opening.own(claim);
      if (owned.isPresent()) {
        return owned.get();
      }
      Opening again = begin(bucket, options, platform, owners, events);
      boolean sameOwner = again.newest.head().epoch().equals(opening.newest.head().epoch());
      if (!sameOwner || tries == TRIES_MAX) {
        throw new VolumeException(
            Reason.HELD,
            bucket.location() + " was opened by another process at the same moment: look again");
      }
      opening = again;
    }
  }

  /** As {@link #begin} for somebody who only looks, whoever has the volume. */
  static Opening look(ObjectStore bucket, OpenOptions options, Platform platform)
      throws IOException {
    return begin(
        bucket, options.withReadOnly(true), platform, Owners.here(), OpeningEvents.LOGGED);
  }

  private static Opening read(
      ObjectStore store,
      OpenOptions options,
      Platform platform,
      Owners owners,
      OpeningEvents events)
      throws IOException {
    VolumeDescriptor volume = descriptor(store);
    OncePut once = new OncePut(store, platform);
    List<ObjectKey> standbys = new ArrayList<>();
    Heads heads = new Heads(store, once, volume.id(), standbys::add);
    StoredHead newest =
        heads
            .newest()
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.DAMAGED,
                        store.location()
                            + " holds a volume without a head: a format, a clone or a destroy did"
                            + " not finish (strata destroy it, or clone again), or its heads were"
                            + " deleted"));
    ObjectStore all = Ancestors.join(store, volume, newest.head());
    return new Opening(
        all, options, platform, owners, events, volume, once, heads, newest, standbys);
  }

  private static VolumeDescriptor descriptor(ObjectStore store) throws IOException {
    return VolumeObject.read(store)
        .orElseThrow(
            () ->
                new VolumeException(
                    Reason.ABSENT,
                    "there is no volume at " + store.location() + ": see strata format --help"));
  }

  /** What an owner works with, once the volume is his. */
  record Owned(
      VolumeDescriptor volume,
      ObjectStore store,
      OncePut once,
      Succession succession,
      StoredHead head,
      Map<Epoch, Long> logEnds,
      TreeAccess access,
      List<Mutation> carried,
      List<Mutation> segmentRecords,
      boolean replayed,
      List<FormerEpoch> former,
      long ownedNanos) {}

  /** What a reader works with. */
  record Viewed(
      VolumeDescriptor volume, ObjectStore store, StoredHead head, TreeAccess access) {}

  /** What a follower begins with. */
  record Followed(
      VolumeDescriptor volume,
      ObjectStore store,
      Heads heads,
      LogReader logs,
      StoredHead newest,
      StoreWaits waits) {}

  /** Empty if the head that would make this process the owner has another in its place. */
  private Optional<Owned> own(Claim claim) throws IOException {
    boolean watched = isToBeWatched(claim);
    TreeAccess access = tree();
    Recovery recovery = new Recovery(store, once, volume.id(), access, platform);
    Map<Epoch, Long> ends = new HashMap<>();
    List<LogTail> tails = tails(ends);
    checkTree(recovery);
    Map<Nonce, SegmentIndex> known = lookAhead(recovery, tails);
    List<Mutation> later = recovery.applyCarried(newest.head());
    if (watched) {
      watch(tails.getLast());
    }
    if (claim instanceof Claim.Silence(OwnerWatch watch)
        && newest.head().state() == HeadState.OPEN) {
      requireNothingNew(watch, tails.getLast());
      awaitSilence(watch);
    }
    Formatting.requireConditionalPut(
        store, platform, volume, options.singleWriter() || volume.singleWriter());

    Succession succession = new Succession(Retention.DEFAULT);
    long ownedNanos = platform.clock().nanoTime();
    Head next =
        succession.takeOver(
            newest,
            owners.self(platform.random()),
            platform.clock().now(),
            Collected.nothing(newest.head()));
    if (heads.commit(next) == OncePut.Outcome.TAKEN) {
      return Optional.empty();
    }
    StoredHead mine = StoredHead.of(next);
    LogVerdict verdict = recovery.verdict(known);
    for (LogTail tail : tails) {
      ends.put(tail.range().epoch(), end(tail, verdict, mine.head()));
    }
    List<Mutation> records = recovery.replay(verdict, newest.head().number() + 1);
    forgetStandbys();
    return Optional.of(
        new Owned(
            volume,
            store,
            once,
            succession,
            mine,
            ends,
            access,
            later,
            records,
            !verdict.accepted().isEmpty(),
            FormerEpochs.of(newest, verdict.accepted()),
            ownedNanos));
  }

  /** Whoever still waits announces himself to the new owner; nobody else does it for ever. */
  private void forgetStandbys() {
    if (standbys.isEmpty()) {
      return;
    }
    try {
      new Garbage(store, Retention.DEFAULT).deleteStandbys(standbys);
    } catch (StoreException e) {
      LOG.warn("announcements of standbys stay until the next start: {}", e.getMessage());
    }
  }

  /** Brings up to date a state that is only looked at. */
  Viewed view() throws IOException {
    TreeAccess access = tree();
    Recovery recovery = new Recovery(store, once, volume.id(), access, platform);
    List<LogTail> tails = tails(new HashMap<>());
    checkTree(recovery);
    LogVerdict verdict = recovery.verdict(lookAhead(recovery, tails));
    recovery.applyCarried(newest.head());
    for (LogTail tail : tails) {
      judge(tail, verdict);
    }
    List<Mutation> records = recovery.replay(verdict, newest.head().number() + 1);
    recovery.apply(records);
    return new Viewed(volume, store, newest, access);
  }

  /** Hands over to a follower, who reads on by himself. */
  Followed follow() {
    // One that collects no announcements: it is asked for years.
    Heads asked = new Heads(store, once, volume.id());
    return new Followed(volume, store, asked, logs, newest, waits());
  }

  private StoreWaits waits() {
    return new StoreWaits(platform.clock(), options.ioTimeout());
  }

  private TreeAccess tree() {
    Head head = newest.head();
    return TreeAccess.of(
        tree(store, head.root(), options.limits()), head, volume, options.limits(), waits());
  }

  /** The tree under a root; an empty one under none. */
  static BTree tree(ObjectStore store, @Nullable PageAddress root, VolumeLimits limits) {
    TreeSizes sizes = new TreeSizes(TreeSizes.DEFAULT.pageBytes(), limits.pageBytesMax());
    PackReader pages = new PackReader(store);
    return root == null ? BTree.create(pages, sizes) : BTree.open(pages, root, sizes);
  }

  private void checkTree(Recovery recovery) throws IOException {
    try {
      recovery.checkRoot(newest.head().root());
    } catch (DamagedPage e) {
      throw damaged(e);
    }
  }

  private static Map<Nonce, SegmentIndex> lookAhead(Recovery recovery, List<LogTail> tails)
      throws IOException {
    try {
      return recovery.lookAhead(tails);
    } catch (StoreException.Corrupt e) {
      throw damaged(e);
    }
  }

  static VolumeException damaged(IOException e) {
    return new VolumeException(
        Reason.DAMAGED,
        e.getMessage() + "; nothing was changed; run strata fsck to see what is affected",
        e);
  }

  /** Whether only a look at what the owner does can tell if the volume may be taken. */
  private boolean isToBeWatched(Claim claim) throws VolumeException {
    Head head = newest.head();
    if (head.state() == HeadState.CLOSED) {
      return false;
    }
    return switch (claim) {
      case Claim.Order order -> false;
      case Claim.Silence silence -> false;
      case Claim.Gone gone -> {
        if (!hasEnded(head.owner())) {
          throw held("it was quicker");
        }
        yield false;
      }
      case Claim.Watch watch -> !hasEnded(head.owner());
    };
  }

  private boolean hasEnded(Owner owner) throws VolumeException {
    return switch (owners.life(owner)) {
      // It was killed: the volume is anybody's.
      case ENDED -> true;
      case ALIVE ->
          throw held(
              "unmount it there, wait for its end with --standby, or use --take-over, which makes"
                  + " it lose what it has not synced");
      case UNKNOWN -> false;
    };
  }

  /**
   * Watches an owner on another machine. One that shows no sign for a while is dead, cut off or
   * idle; if it lives, it has nothing to lose, and learns by its next request that it is the owner
   * no more.
   */
  private void watch(LogTail tail) throws IOException {
    if (!(tail.end() instanceof LogEnd.Open open)) {
      return;
    }
    OwnerWatch watch =
        new OwnerWatch(
            logs,
            heads,
            newest,
            open.position(),
            tail.promised(),
            platform.clock(),
            options.lease().term());
    events.watching(newest.head().owner().text(), watch.silence());
    watch.look();
    awaitSilence(watch);
  }

  /** Goes on watching: all that can be read beforehand has been read. */
  private void awaitSilence(OwnerWatch watch) throws IOException {
    long signs = watch.signs();
    while (watch.untilGone().isPositive()) {
      sleep(watch.untilLook());
      watch.look();
      if (watch.signs() > signs) {
        throw held(
            "it is alive: unmount it there, wait for its end with --standby, or use --take-over,"
                + " which stops it safely and makes it lose what it has not synced");
      }
    }
    events.takingOver(watch.silenceText());
  }

  private void sleep(Duration time) throws InterruptedIOException {
    try {
      platform.clock().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while opening");
    }
  }

  private void requireNothingNew(OwnerWatch watch, LogTail tail) throws VolumeException {
    if (tail.end().position().compareTo(watch.logEnd()) > 0) {
      throw held("it is alive");
    }
  }

  private VolumeException held(String what) {
    return new VolumeException(
        Reason.HELD,
        "%s is held by %s since %s: %s"
            .formatted(
                store.location(), newest.head().owner().text(), newest.head().time(), what));
  }

  /** Reads the logs that the newest head needs; those whose end is known without go to ends. */
  private List<LogTail> tails(Map<Epoch, Long> ends) throws IOException {
    Head head = newest.head();
    List<LogTail> tails = new ArrayList<>();
    for (LogRange range : head.earlier()) {
      if (!range.isReplayed()) {
        tails.add(LogTail.read(logs, range));
      }
    }
    if (head.state() == HeadState.CLOSED) {
      // Nothing follows a closed head: its owner wrote it last of all.
      ends.put(head.epoch(), head.replayFrom().sequence());
    } else {
      tails.add(
          LogTail.read(
              logs,
              new LogRange(
                  head.epoch(),
                  newest.logHead(),
                  head.replayFrom().sequence(),
                  OptionalLong.empty())));
    }
    return tails;
  }

  /** Judges what was read of a log, ends it for good, and says where. */
  private long end(LogTail tail, LogVerdict verdict, Head mine) throws IOException {
    @Nullable Long stopped = judge(tail, verdict);
    if (stopped != null) {
      return stopped;
    }
    if (!(tail.end() instanceof LogEnd.Open)) {
      return tail.end().position().sequence();
    }
    LogEnd end =
        LogFence.readAndFence(
            logs,
            once,
            volume.id(),
            tail.end().position(),
            tail.range().head(),
            mine.epoch(),
            mine.owner().text(),
            verdict::judge);
    if (end instanceof LogEnd.Damaged damaged) {
      throw new VolumeException(
          Reason.DAMAGED,
          damaged.cause().getMessage() + "; run strata fsck to see what is affected",
          damaged.cause());
    }
    return end.position().sequence();
  }

  /** The sequence of the first entry that does not count, or null if all that were read do. */
  private static @Nullable Long judge(LogTail tail, LogVerdict verdict) throws IOException {
    for (var entry : tail.entries()) {
      if (!verdict.judge(entry)) {
        return entry.position().sequence();
      }
    }
    return null;
  }
}
