package io.strata.fsck.tree;

import io.strata.fs.schema.Mutation;
import io.strata.fsck.scratch.Change;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.scratch.SortedChanges;
import io.strata.store.StoreException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes on top of a tree that is not in memory: the last value put under each key, or that the
 * key was deleted.
 */
public final class Overlay {
  private final SortedChanges changes;

  public Overlay(Scratch scratch) {
    this.changes = new SortedChanges(scratch);
  }

  /** Applies mutations in order. */
  public void apply(List<Mutation> group) {
    for (Mutation mutation : group) {
      changes.put(mutation.key(), mutation.value());
    }
  }

  /** Stores an entry. */
  public void put(Mutation.Put entry) {
    changes.put(entry.key(), entry.value());
  }

  /** Removes the entry of a key. */
  public void remove(byte[] key) {
    changes.put(key, null);
  }

  /** Whether nothing is changed. */
  public boolean none() {
    return changes.none();
  }

  /**
   * A visitor to be given the entries of the tree below, in order, which hands on the entries as
   * they are after the changes.
   *
   * @param range the keys that are visited
   */
  public Merge onto(KeyRange range, EntryVisitor visitor) {
    return new Merge(changes.from(range.from()), range, visitor);
  }

  /** Two ascending sequences becoming one. {@link #end} must be called after the last entry. */
  public static final class Merge implements EntryVisitor {
    private final Iterator<Change> rest;
    private final KeyRange range;
    private final EntryVisitor visitor;
    private @Nullable Change change;

    private Merge(Iterator<Change> rest, KeyRange range, EntryVisitor visitor) {
      this.rest = rest;
      this.range = range;
      this.visitor = visitor;
      advance();
    }

    @Override
    public void entry(byte[] key, byte[] value) throws StoreException, InterruptedException {
      while (change != null) {
        int order = Arrays.compareUnsigned(change.key(), key);
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

    private void handOnChange(Change next) throws StoreException, InterruptedException {
      advance();
      if (next.value() != null) {
        visitor.entry(next.key(), next.value());
      }
    }

    private void advance() {
      Change next = rest.hasNext() ? rest.next() : null;
      change = next != null && range.contains(next.key()) ? next : null;
    }
  }
}
