package io.strata.fsck.bucket;

import io.strata.fsck.scratch.Scratch;
import io.strata.store.Epoch;
import io.strata.store.ListPage;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectName;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Everything in the bucket by name and length, as of one listing. 16 to 32 bytes an object. Changed
 * by nobody once it is there.
 */
public final class Inventory {
  /** Foreign objects that are named; more are only counted. */
  private static final int FOREIGN_MAX = 20;

  private static final int PAGE_KEYS = 1000;

  private final LongLongMap heads;
  private final LongLongMap segments;
  private final LongLongMap packs;
  private final NavigableMap<Epoch, LogNames> logs = new TreeMap<>();
  private final List<ObjectKey> foreign = new ArrayList<>();
  private Epoch epochMax = new Epoch(1);
  private boolean descriptor;
  private long objects;
  private long bytes;
  private long segmentBytes;

  private Inventory(Scratch scratch) {
    heads = new LongLongMap(scratch);
    segments = new LongLongMap(scratch);
    packs = new LongLongMap(scratch);
  }

  /** Lists the bucket. Heads come first, so that what the newest head needs is seen after it. */
  public static Inventory of(Bucket bucket, Scratch scratch) throws StoreException {
    Inventory inventory = new Inventory(scratch);
    String after = "";
    boolean more = true;
    while (more) {
      ListPage page = bucket.list("", after, PAGE_KEYS);
      for (ListPage.Entry entry : page.entries()) {
        inventory.add(entry);
        after = entry.key().value();
      }
      more = page.more() && !page.entries().isEmpty();
    }
    return inventory;
  }

  /**
   * Adds the segments and packs that are at an ancestor's place and may be shared. What else there
   * is belongs to another check.
   *
   * @param lineage of the volume that is checked
   * @param end the first nonce that the ancestor gave when it had been cloned: that and later ones
   *     are of what it did by itself
   */
  public void addShared(Bucket place, Ancestor ancestor, Lineage lineage, Nonce end)
      throws StoreException {
    for (String prefix : List.of(ObjectNames.SEGMENTS, ObjectNames.PACKS)) {
      String after = "";
      boolean more = true;
      while (more) {
        ListPage page = place.list(prefix, after, PAGE_KEYS);
        for (ListPage.Entry entry : page.entries()) {
          after = entry.key().value();
          if (lineage.of(entry.key()).filter(ancestor::equals).isPresent()) {
            addShared(entry, end);
          }
        }
        more = page.more() && !page.entries().isEmpty();
      }
    }
  }

  private void addShared(ListPage.Entry entry, Nonce end) {
    switch (ObjectName.of(entry.key())) {
      case ObjectName.Segment(var nonce) when nonce.compareTo(end) < 0 -> {
        segments.put(nonce.value(), entry.length());
        segmentBytes += entry.length();
      }
      case ObjectName.Pack(var nonce) when nonce.compareTo(end) < 0 ->
          packs.put(nonce.value(), entry.length());
      case ObjectName other -> {
        // Not what was asked for.
      }
    }
  }

  /** The number in a head's key; empty if it is no such key. */
  public static OptionalLong headNumber(ObjectKey key) {
    return ObjectName.of(key) instanceof ObjectName.Head(long number)
        ? OptionalLong.of(number)
        : OptionalLong.empty();
  }

  private void add(ListPage.Entry entry) {
    objects++;
    bytes += entry.length();
    switch (ObjectName.of(entry.key())) {
      case ObjectName.Volume() -> descriptor = true;
      case ObjectName.Head(long number) -> heads.put(number, entry.length());
      case ObjectName.Standby(var token) -> {
        // No part of the volume, and gone when somebody opens it next.
      }
      case ObjectName.Log(Epoch epoch, long sequence) -> {
        logs.computeIfAbsent(epoch, key -> new LogNames()).add(sequence);
        meet(epoch);
      }
      case ObjectName.Segment(var nonce) -> {
        segments.put(nonce.value(), entry.length());
        segmentBytes += entry.length();
        meet(nonce.epoch());
      }
      case ObjectName.Pack(var nonce) -> {
        packs.put(nonce.value(), entry.length());
        meet(nonce.epoch());
      }
      case ObjectName.Foreign() -> {
        if (foreign.size() < FOREIGN_MAX) {
          foreign.add(entry.key());
        }
      }
    }
  }

  private void meet(Epoch epoch) {
    epochMax = epoch.compareTo(epochMax) > 0 ? epoch : epochMax;
  }

  /** The latest epoch that the name of a log object, segment or pack tells of. */
  public Epoch epochMax() {
    return epochMax;
  }

  /** Whether there is a volume descriptor. */
  public boolean descriptor() {
    return descriptor;
  }

  /** Lengths of heads by their numbers. */
  public LongLongMap heads() {
    return heads;
  }

  /** Lengths of segments by their nonces. */
  public LongLongMap segments() {
    return segments;
  }

  /** Lengths of packs by their nonces. */
  public LongLongMap packs() {
    return packs;
  }

  /** Epochs that have log objects, in order. */
  public NavigableMap<Epoch, LogNames> logs() {
    return Collections.unmodifiableNavigableMap(logs);
  }

  /** The log objects of an epoch. */
  public LogNames log(Epoch epoch) {
    return logs.getOrDefault(epoch, LogNames.NONE);
  }

  /** Objects that are none of Strata's; the first few of them. */
  public List<ObjectKey> foreign() {
    return Collections.unmodifiableList(foreign);
  }

  /** How many objects there are. */
  public long objects() {
    return objects;
  }

  /** Their lengths' sum in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Lengths of all segments, in bytes. */
  public long segmentBytes() {
    return segmentBytes;
  }

  /** Sequence numbers of an epoch's log objects. */
  public static final class LogNames {
    static final LogNames NONE = new LogNames();

    private long[] sequences = new long[4];
    private int count;

    private LogNames() {}

    /** Adds the next one; a listing hands them out in order. */
    private void add(long sequence) {
      if (count == sequences.length) {
        sequences = Arrays.copyOf(sequences, count * 2);
      }
      sequences[count++] = sequence;
    }

    /** Whether there is an object at this sequence. */
    public boolean has(long sequence) {
      return Arrays.binarySearch(sequences, 0, count, sequence) >= 0;
    }

    /** How many objects there are from {@code sequence} on. */
    public int countFrom(long sequence) {
      int at = Arrays.binarySearch(sequences, 0, count, sequence);
      return count - (at >= 0 ? at : -at - 1);
    }

    /** The first sequence from {@code from} on where there is no object. */
    public long gapFrom(long from) {
      long at = from;
      while (has(at)) {
        at++;
      }
      return at;
    }

    /** One more than the last sequence; 0 if there is no object. */
    public long end() {
      return count == 0 ? 0 : sequences[count - 1] + 1;
    }

    /** All of them, in order. */
    public long[] toArray() {
      return Arrays.copyOf(sequences, count);
    }
  }
}
