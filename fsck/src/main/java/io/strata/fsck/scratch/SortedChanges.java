package io.strata.fsck.scratch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was last said about each of many keys, in the order of the keys: sorted in memory, and in
 * runs on disk when that is full.
 */
public final class SortedChanges {
  /** What an entry of a tree map takes besides its bytes. */
  private static final int ENTRY_BYTES = 120;

  private final Scratch scratch;
  private final List<SortedRun> runs = new ArrayList<>();
  private NavigableMap<byte[], Optional<byte[]>> recent = new TreeMap<>(Arrays::compareUnsigned);
  private long recentBytes;

  public SortedChanges(Scratch scratch) {
    this.scratch = scratch;
  }

  /**
   * Notes what is said about a key now.
   *
   * @param value null if it is deleted
   */
  public void put(byte[] key, byte @Nullable [] value) {
    recent.put(key, Optional.ofNullable(value));
    recentBytes += ENTRY_BYTES + key.length + (value == null ? 0 : value.length);
    if (recentBytes > scratch.sortBytesMax()) {
      runs.add(new SortedRun(scratch, changes(recent)));
      recent = new TreeMap<>(Arrays::compareUnsigned);
      recentBytes = 0;
    }
  }

  /** Where this has its room from. */
  public Scratch scratch() {
    return scratch;
  }

  /** Whether nothing was said. */
  public boolean none() {
    return runs.isEmpty() && recent.isEmpty();
  }

  /** The changes from a key on, each key once. */
  public Iterator<Change> from(byte[] key) {
    if (runs.isEmpty()) {
      return changes(recent.tailMap(key, true));
    }
    List<Iterator<Change>> sources = new ArrayList<>();
    for (SortedRun run : runs) {
      sources.add(run.from(key));
    }
    sources.add(changes(recent.tailMap(key, true)));
    return new Merged(sources);
  }

  private static Iterator<Change> changes(NavigableMap<byte[], Optional<byte[]>> map) {
    return map.entrySet().stream()
        .map(entry -> new Change(entry.getKey(), entry.getValue().orElse(null)))
        .iterator();
  }

  /** Many ascending sequences becoming one; of equal keys that of the last sequence stays. */
  private static final class Merged implements Iterator<Change> {
    private final PriorityQueue<Source> sources =
        new PriorityQueue<>(
            (one, other) -> {
              int order = Arrays.compareUnsigned(one.change.key(), other.change.key());
              return order != 0 ? order : Integer.compare(other.age, one.age);
            });

    private static final class Source {
      final Iterator<Change> rest;
      final int age;
      Change change;

      Source(Iterator<Change> rest, int age) {
        this.rest = rest;
        this.age = age;
        this.change = rest.next();
      }
    }

    Merged(List<Iterator<Change>> sequences) {
      for (int i = 0; i < sequences.size(); i++) {
        if (sequences.get(i).hasNext()) {
          sources.add(new Source(sequences.get(i), i));
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !sources.isEmpty();
    }

    @Override
    public Change next() {
      Source first = sources.peek();
      if (first == null) {
        throw new NoSuchElementException();
      }
      Change newest = first.change;
      while (first != null && Arrays.equals(first.change.key(), newest.key())) {
        sources.remove();
        if (first.rest.hasNext()) {
          first.change = first.rest.next();
          sources.add(first);
        }
        first = sources.peek();
      }
      return newest;
    }
  }
}
