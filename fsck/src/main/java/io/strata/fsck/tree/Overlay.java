package io.strata.fsck.tree;

import io.strata.fs.schema.Mutation;
import io.strata.store.StoreException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes on top of a tree that is not in memory: the last value put under each key, or that the
 * key was deleted. Takes memory for what changed alone.
 */
public final class Overlay {
  private final NavigableMap<byte[], Optional<byte[]>> changes =
      new TreeMap<>(Arrays::compareUnsigned);

  /** Applies mutations in order. */
  public void apply(List<Mutation> group) {
    for (Mutation mutation : group) {
      changes.put(mutation.key(), Optional.ofNullable(mutation.value()));
    }
  }

  /** How many keys are changed. */
  public int size() {
    return changes.size();
  }

  /**
   * A visitor to be given the entries of the tree below, in order, which hands on the entries as
   * they are after the changes.
   *
   * @param range the keys that are visited
   */
  public Merge onto(KeyRange range, EntryVisitor visitor) {
    NavigableMap<byte[], Optional<byte[]>> part =
        range.to() == null
            ? changes.tailMap(range.from(), true)
            : changes.subMap(range.from(), true, range.to(), false);
    return new Merge(part.entrySet().iterator(), visitor);
  }

  /** Two ascending sequences becoming one. {@link #end} must be called after the last entry. */
  public static final class Merge implements EntryVisitor {
    private final Iterator<Map.Entry<byte[], Optional<byte[]>>> rest;
    private final EntryVisitor visitor;
    private Map.@Nullable Entry<byte[], Optional<byte[]>> change;

    private Merge(Iterator<Map.Entry<byte[], Optional<byte[]>>> rest, EntryVisitor visitor) {
      this.rest = rest;
      this.visitor = visitor;
      advance();
    }

    @Override
    public void entry(byte[] key, byte[] value) throws StoreException, InterruptedException {
      while (change != null) {
        int order = Arrays.compareUnsigned(change.getKey(), key);
        if (order > 0) {
          break;
        }
        handOnChange(change);
        if (order == 0) {
          return;
        }
      }
      visitor.entry(key, value);
    }

    /** Hands on what lies behind the last entry. */
    public void end() throws StoreException, InterruptedException {
      while (change != null) {
        handOnChange(change);
      }
    }

    private void handOnChange(Map.Entry<byte[], Optional<byte[]>> next)
        throws StoreException, InterruptedException {
      advance();
      if (next.getValue().isPresent()) {
        visitor.entry(next.getKey(), next.getValue().get());
      }
    }

    private void advance() {
      change = rest.hasNext() ? rest.next() : null;
    }
  }
}
