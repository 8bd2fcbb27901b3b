package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Stray;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ListPage;
import io.strata.store.Listing;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectName;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists a bucket against the tree. Confined to one thread; beside an owner who goes on.
 *
 * <p>Objects of past epochs are neither born nor do they come to life again: what the tree has no
 * record and no note of, after it was listed, is a stray for ever. Only {@link Garbage} says which
 * strays may go.
 *
 * <p>In memory are the names of {@link #NAMES_MAX} objects at a time. A list request for each
 * thousand objects; a pass over what the tree knows of objects, without the indexes of segments, for
 * each {@code NAMES_MAX}; and for what is found the pages of each kept head that lead to it, and
 * the end of each segment.
 */
final class LeftoverSearch {
  private static final int NAMES_MAX = 100_000;

  private final ObjectStore store;
  private final TreeAccess access;
  private final Head newest;
  private final Epoch current;
  private final Garbage.Witness witness;
  private final Disposal disposal;
  private final LongConsumer progress;
  private final List<ObjectKey> some = new ArrayList<>();
  private long objects;
  private long bytes;
  private long looked;

  /** What becomes of what is found. */
  interface Disposal {
    /** Returns those of these that a crash has left behind. */
    List<Stray> strays(List<Stray> strays, Garbage.Witness witness) throws IOException;

    /** Returns the log objects that nobody reads any more. */
    List<ObjectKey> logs(Map<Epoch, Long> ends, List<LogPosition> listed) throws IOException;
  }

  /**
   * A search.
   *
   * @param access to the present tree, which has all logs of earlier epochs in it
   * @param current the epoch that whoever may write now writes in
   */
  LeftoverSearch(
      ObjectStore store,
      TreeAccess access,
      Head newest,
      Epoch current,
      Garbage.Witness witness,
      Disposal disposal,
      LongConsumer progress) {
    this.store = store;
    this.access = access;
    this.newest = newest;
    this.current = current;
    this.witness = witness;
    this.disposal = disposal;
    this.progress = progress;
  }

  /** A search by somebody who owns nothing, and deletes nothing. */
  static LeftoverSearch ofViewer(
      ObjectStore store, OpenOptions options, Platform platform, LongConsumer progress)
      throws IOException {
    Opening opening = Opening.look(store, options, platform);
    Opening.Viewed viewed = opening.view();
    Opening.Followed followed = opening.follow();
    Head newest = viewed.head().head();
    boolean closed = newest.state() == HeadState.CLOSED;
    return new LeftoverSearch(
        viewed.store(),
        viewed.access(),
        newest,
        closed ? newest.epoch().next() : newest.epoch(),
        new HeadWitness(
            viewed.store(),
            viewed.volume().id(),
            newest.lineage(),
            options.limits(),
            followed.heads()::read,
            number -> true),
        new Looking(
            newest,
            closed ? newest.epoch().next() : newest.epoch(),
            viewed.volume().elsewhere(newest.lineage())),
        progress);
  }

  /** Only tells. */
  private record Looking(Head newest, Epoch current, Lineage elsewhere) implements Disposal {
    @Override
    public List<Stray> strays(List<Stray> strays, Garbage.Witness witness) throws IOException {
      return Garbage.leftBehind(strays, newest, current, elsewhere, witness);
    }

    @Override
    public List<ObjectKey> logs(Map<Epoch, Long> ends, List<LogPosition> listed) {
      return listed.stream().map(LogPosition::key).toList();
    }
  }

  /** Looks through the bucket, and disposes of what it finds. */
  Leftovers find() throws IOException {
    Optional<NamedSnapshot> quarantine = Garbage.quarantine(newest);
    if (quarantine.isEmpty()) {
      look(ObjectNames.SEGMENTS, DeadObject.Kind.SEGMENT, TreeKeys.segmentLives());
      look(ObjectNames.PACKS, DeadObject.Kind.PACK, TreeKeys.packs());
      lookForLogs();
    }
    return new Leftovers(objects, bytes, some, looked, quarantine.orElse(null));
  }

  private void look(String prefix, DeadObject.Kind kind, TreeKeys.Range living)
      throws IOException {
    Listing listing = new Listing(store, prefix);
    Map<Nonce, Long> names = new HashMap<>();
    for (ListPage.Entry entry = listing.peek(); entry != null; entry = next(listing)) {
      long length = entry.length();
      nonce(entry.key()).ifPresent(nonce -> names.put(nonce, length));
      listing.skip();
      if (names.size() == NAMES_MAX || (listing.peek() == null && !names.isEmpty())) {
        // In this order: what dies meanwhile is met by the one or the other.
        TreeEntries.visit(access, living, known -> forget(names, kind, known));
        TreeEntries.visit(access, TreeKeys.deads(), known -> forget(names, kind, known));
        dispose(kind, names);
        names.clear();
      }
    }
  }

  private ListPage.@Nullable Entry next(Listing listing) throws IOException {
    looked++;
    if (looked % ListPage.KEYS_MAX == 0) {
      progress.accept(looked);
    }
    return listing.peek();
  }

  private Optional<Nonce> nonce(ObjectKey key) {
    Nonce nonce =
        switch (ObjectName.of(key)) {
          case ObjectName.Segment(Nonce segment) -> segment;
          case ObjectName.Pack(Nonce pack) -> pack;
          case ObjectName other -> null;
        };
    return Optional.ofNullable(nonce).filter(each -> each.epoch().compareTo(current) < 0);
  }

  private static void forget(Map<Nonce, Long> names, DeadObject.Kind kind, Entry known)
      throws IOException {
    try {
      switch (Mutation.ofEntry(known.key(), known.value())) {
        case Mutation.SegmentLivePut put -> names.remove(put.nonce());
        case Mutation.PackPut put -> names.remove(put.nonce());
        case Mutation.DeadPut put -> {
          if (put.object().kind() == kind) {
            names.remove(put.object().nonce());
          }
        }
        case Mutation.Put other -> {}
      }
    } catch (MalformedRecord e) {
      throw new VolumeException(
          Reason.DAMAGED,
          "a record of an object is malformed: " + e.getMessage() + "; run strata fsck",
          e);
    }
  }

  private void dispose(DeadObject.Kind kind, Map<Nonce, Long> names) throws IOException {
    List<Stray> strays = new ArrayList<>();
    for (Nonce nonce : names.keySet().stream().sorted().toList()) {
      long length = names.getOrDefault(nonce, 0L);
      Stray stray =
          switch (kind) {
            case SEGMENT -> Stray.segment(nonce, length);
            case PACK -> Stray.pack(nonce, length);
          };
      byte[] record = stray.isSegment() ? TreeKeys.segment(nonce) : TreeKeys.pack(nonce);
      // A segment may have a record before its live bytes have one.
      if (access.shared(() -> access.view().get(record) == null)) {
        strays.add(stray);
      }
      if (strays.size() == ListPage.KEYS_MAX) {
        dispose(strays);
        strays.clear();
      }
    }
    dispose(strays);
  }

  private void dispose(List<Stray> strays) throws IOException {
    if (!strays.isEmpty()) {
      disposal.strays(List.copyOf(strays), witness).forEach(gone -> found(gone.key(), gone.bytes()));
    }
  }

  private void lookForLogs() throws IOException {
    Listing listing = new Listing(store, ObjectNames.LOGS);
    Map<Epoch, Long> ends = new HashMap<>();
    Map<ObjectKey, Long> lengths = new HashMap<>();
    List<LogPosition> strays = new ArrayList<>();
    for (ListPage.Entry entry = listing.peek(); entry != null; entry = next(listing)) {
      if (ObjectName.of(entry.key()) instanceof ObjectName.Log(Epoch epoch, long sequence)
          && Garbage.isForgotten(epoch, newest)
          && ends.putIfAbsent(epoch, sequence) != null) {
        strays.add(new LogPosition(epoch, sequence));
        lengths.put(entry.key(), entry.length());
      }
      listing.skip();
      if (strays.size() == ListPage.KEYS_MAX || (listing.peek() == null && !strays.isEmpty())) {
        for (ObjectKey gone : disposal.logs(ends, List.copyOf(strays))) {
          found(gone, lengths.getOrDefault(gone, 0L));
        }
        strays.clear();
        lengths.clear();
      }
    }
  }

  private void found(ObjectKey key, long length) {
    objects++;
    bytes += length;
    if (some.size() < Leftovers.NAMED_MAX) {
      some.add(key);
    }
  }
}
