package io.strata.fs.volume;

import io.strata.btree.DamagedPage;
import io.strata.btree.Entry;
import io.strata.checkpoint.Garbage;
import io.strata.checkpoint.Lifetime;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The objects at other volumes' places that a clone refers to, as of a head: those that its tree has
 * a record of, and those that are noted as dead and that a kept head refers to. Logs add none,
 * because what they speak of is of the clone's own epochs. None for most volumes. Confined to one
 * thread.
 */
public final class SharedObjects {
  /** How many are handed out at a time. */
  private static final int AT_A_TIME = 1000;

  private final ObjectStore store;
  private final VolumeDescriptor volume;
  private final Head newest;
  private final Lineage elsewhere;
  private final Platform platform;

  /** Takes some of them. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes at most a thousand. */
    void visit(List<ObjectKey> some) throws IOException;
  }

  private SharedObjects(
      ObjectStore store, VolumeDescriptor volume, Head newest, Platform platform) {
    this.store = store;
    this.volume = volume;
    this.newest = newest;
    this.elsewhere = volume.elsewhere(newest.lineage());
    this.platform = platform;
  }

  /**
   * What a volume shares: at most a request, which makes sure that its parent is there.
   *
   * @param own the volume's own place
   * @param newest its newest head
   * @throws VolumeException if the parent is not there, or what is shared cannot be known because a
   *     state is kept that a repair put another in the place of
   */
  public static SharedObjects of(
      ObjectStore own, VolumeDescriptor volume, Head newest, Platform platform)
      throws IOException {
    ObjectStore all = Ancestors.join(own, volume, newest);
    SharedObjects shared = new SharedObjects(all, volume, newest, platform);
    Optional<NamedSnapshot> quarantine = Garbage.quarantine(newest);
    if (!shared.elsewhere.isNone() && quarantine.isPresent()) {
      throw new VolumeException(
          Reason.REFUSED,
          ("%s is a clone, and what it shares is not known while it has snapshot %s, of before a"
                  + " repair: delete that first")
              .formatted(own.location(), quarantine.get().name()));
    }
    return shared;
  }

  /** The volume's own objects and those that it shares, under their names. */
  public ObjectStore store() {
    return store;
  }

  /**
   * Hands them out. Reads the part of the tree that tells of objects.
   *
   * @throws VolumeException if that is damaged, or a part of it or what the visitor looked for is
   *     not there; perhaps not any more, if the head is not kept any more
   */
  public void visit(Visitor visitor) throws IOException {
    if (elsewhere.isNone()) {
      return;
    }
    try {
      TreeAccess access = tree();
      Epoch last = elsewhere.ancestors().getLast().last();
      for (TreeKeys.Range records : TreeKeys.recordsUntil(last)) {
        visit(access, records, visitor);
      }
      visit(access, TreeKeys.deads(), visitor);
    } catch (MalformedRecord | DamagedPage | StoreException.Missing e) {
      throw Opening.damaged(e);
    }
  }

  private TreeAccess tree() throws IOException {
    VolumeLimits limits = OpenOptions.DEFAULT.limits();
    StoreWaits waits = new StoreWaits(platform.clock(), OpenOptions.DEFAULT.ioTimeout());
    TreeAccess access =
        TreeAccess.of(
            Opening.tree(store, newest.root(), limits), newest, volume, limits, waits);
    List<Mutation> carried = Recovery.carried(newest);
    access.update(() -> access.state().change(carried));
    return access;
  }

  private void visit(TreeAccess access, TreeKeys.Range range, Visitor visitor)
      throws IOException {
    TreeEntries.visitSlices(
        access,
        range,
        AT_A_TIME,
        slice -> {
          List<ObjectKey> shared = new ArrayList<>();
          for (Entry entry : slice) {
            needed(entry).filter(elsewhere::isForeign).ifPresent(shared::add);
          }
          if (!shared.isEmpty()) {
            visitor.visit(shared);
          }
          return true;
        });
  }

  private Optional<ObjectKey> needed(Entry entry) throws IOException {
    return switch (TreeKeys.decode(entry.key())) {
      case TreeKey.OfSegment(var nonce) -> Optional.of(ObjectNames.segment(nonce));
      case TreeKey.OfPack(var nonce) -> Optional.of(ObjectNames.pack(nonce));
      case TreeKey.Dead dead -> keptDead(entry);
      case TreeKey other -> Optional.empty();
    };
  }

  /** Those that died before the clone was made are none of its own, and may be gone. */
  private Optional<ObjectKey> keptDead(Entry note) throws VolumeException {
    DeadObject object = DeadObjects.object(note);
    ObjectKey key = DeadObjects.key(object);
    Lifetime lifetime = new Lifetime(key, object.birthHead(), object.deathHead());
    return Garbage.mayGo(lifetime, newest) ? Optional.empty() : Optional.of(key);
  }
}
