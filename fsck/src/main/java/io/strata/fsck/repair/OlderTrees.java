package io.strata.fsck.repair;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.MutationCodec;
import io.strata.fsck.bucket.Bucket;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.finding.Findings;
import io.strata.fsck.history.LogReplay;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.space.Footers;
import io.strata.fsck.tree.EntryVisitor;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.Overlay;
import io.strata.fsck.tree.Pages;
import io.strata.fsck.tree.TreeWalk;
import io.strata.platform.Platform;
import io.strata.replay.format.HeadReference;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What damaged pages held, from the trees of older heads that are kept and the logs since.
 *
 * <p>Of heads whose logs are still there up to the newest head the answer is exact. Of others it is
 * what was true then, and that is said. The most recent head that can answer is taken; what its own
 * tree has lost is asked of the next.
 */
public final class OlderTrees implements TreeWalk.Substitute {
  private final Bucket bucket;
  private final VolumeId volume;
  private final Inventory inventory;
  private final Head newest;
  private final Scratch scratch;
  private final Platform platform;
  private final TreeWalk.Substitute last;
  private final List<Used> used = new ArrayList<>();
  private @Nullable List<Layer> layers;

  /**
   * @param last is asked for what no older tree holds
   */
  public OlderTrees(
      Bucket bucket,
      VolumeId volume,
      Inventory inventory,
      Head newest,
      Scratch scratch,
      Platform platform,
      TreeWalk.Substitute last) {
    this.bucket = bucket;
    this.volume = volume;
    this.inventory = inventory;
    this.newest = newest;
    this.scratch = scratch;
    this.platform = platform;
    this.last = last;
  }

  /**
   * A head that answered.
   *
   * @param number its number
   * @param exact whether nothing of what changed since is missing
   */
  public record Used(long number, boolean exact) {}

  /** An older tree with what changed since. */
  private record Layer(long number, @Nullable PageAddress root, Overlay changes, boolean exact) {}

  /** Heads that have answered, most recent first. */
  public List<Used> used() {
    return List.copyOf(used);
  }

  @Override
  public List<KeyRange> fill(KeyRange lost, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    return fill(0, lost, visitor);
  }

  private List<KeyRange> fill(int number, KeyRange lost, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    List<Layer> all = layers();
    if (number == all.size()) {
      return last.fill(lost, visitor);
    }
    Layer layer = all.get(number);
    List<KeyRange> left = new ArrayList<>();
    TreeWalk.Watcher watcher =
        new TreeWalk.Watcher() {
          @Override
          public void gap(KeyRange gap) {
            left.add(gap);
          }
        };
    Overlay.Merge merge = layer.changes().onto(lost, visitor);
    boolean[] answered = {false};
    EntryVisitor own =
        (key, value) -> {
          answered[0] = true;
          merge.entry(key, value);
        };
    new TreeWalk(new Pages(bucket, platform), watcher, (gap, below) -> fill(number + 1, gap, merge))
        .walk(layer.root(), lost, own);
    merge.end();
    Used now = new Used(layer.number(), layer.exact());
    if (answered[0] && !used.contains(now)) {
      used.add(now);
    }
    return left;
  }

  private List<Layer> layers() throws StoreException, InterruptedException {
    List<Layer> known = layers;
    if (known != null) {
      return known;
    }
    known = new ArrayList<>();
    NavigableMap<Epoch, HeadReference> openings = new TreeMap<>();
    List<StoredHead> older = new ArrayList<>();
    long[] numbers = inventory.heads().sortedKeys();
    for (int i = numbers.length - 1; i >= 0; i--) {
      StoredHead head = numbers[i] < newest.number() ? read(numbers[i]) : null;
      if (head != null) {
        openings.put(head.head().epoch(), head.logHead());
        older.add(head);
      }
    }
    for (StoredHead head : older) {
      Layer layer = layer(head, openings);
      PageAddress root = head.head().root();
      if (layer != null && (layer.exact() || root != null)) {
        known.add(layer);
      }
    }
    layers = known;
    return known;
  }

  private @Nullable Layer layer(StoredHead head, NavigableMap<Epoch, HeadReference> openings)
      throws StoreException, InterruptedException {
    LogReplay replay =
        new LogReplay(
            bucket, volume, inventory, new Footers(bucket, volume), new Findings(1), scratch);
    try {
      replay.changes().apply(MutationCodec.decode(head.head().carry()));
    } catch (MalformedRecord e) {
      return null;
    }
    boolean exact = replay.replayBetween(head, newest, openings, platform);
    return new Layer(head.head().number(), head.head().root(), replay.changes(), exact);
  }

  private @Nullable StoredHead read(long number) throws StoreException {
    try {
      return HeadCodec.open(volume, number, bucket.read(ObjectNames.head(number), ByteRange.ALL));
    } catch (StoreException.Corrupt | StoreException.TooNew | StoreException.Missing told) {
      return null;
    }
  }
}
