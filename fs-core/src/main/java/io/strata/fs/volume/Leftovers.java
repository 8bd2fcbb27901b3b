package io.strata.fs.volume;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.platform.Platform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What crashes have left behind in a volume's bucket: objects that were stored and that nothing has
 * ever referred to. The rule is {@link io.strata.checkpoint.Garbage}'s.
 *
 * @param objects how many
 * @param bytes their length
 * @param some the first of them, at most {@link #NAMED_MAX}
 * @param looked how many objects were listed
 * @param keptBy if there is a snapshot of what a repair replaced, nothing was looked for, because it
 *     may hold what nothing refers to any more
 */
public record Leftovers(
    long objects, long bytes, List<ObjectKey> some, long looked, @Nullable NamedSnapshot keptBy) {
  /** How many are named. */
  public static final int NAMED_MAX = 1000;

  public Leftovers {
    some = List.copyOf(some);
  }

  /** The same, and so many heads that no other head knows of. */
  Leftovers withHeads(int heads) {
    return new Leftovers(objects + heads, bytes, some, looked, keptBy);
  }

  /**
   * Looks for them, from the bucket alone, and changes nothing. Whoever owns the volume is not
   * disturbed; what is of his own epoch is not looked at.
   *
   * @param options of them the limits and the time for the store
   * @param looked told how many objects have been listed so far
   * @throws VolumeException if there is no volume, or it is damaged
   * @throws IOException if the store fails, or the owner deletes meanwhile what this reads
   */
  public static Leftovers find(
      ObjectStore store, OpenOptions options, Platform platform, LongConsumer looked)
      throws IOException {
    return LeftoverSearch.ofViewer(store, options, platform, looked).find();
  }
}
