package io.strata.btree;

import io.strata.btree.format.PageBuilder;
import io.strata.btree.format.PageView;
import io.strata.btree.format.Varint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The sorted entries of one page: a heap of encoded entries in any order, and for each entry, in
 * the order of keys, its offset there and the first four bytes of its key (the <em>head</em>),
 * which decides nearly every comparison of a search without touching the heap.
 *
 * <p>Entries are encoded as {@link io.strata.btree.format.PageCodec} says, without the prefix that
 * all keys of the page share. A key without the prefix makes all entries be encoded again with a
 * shorter one; the prefix grows when the page is split, merged or compacted.
 *
 * <p>Not thread-safe: changed by one thread that nobody reads beside, then immutable.
 */
final class Slots {
  private static final byte[] NOTHING = {};
  private static final int[] NO_SLOTS = {};
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Object headers and fields of this object and its arrays, about. */
  private static final int OVERHEAD_BYTES = 112;

  private byte[] prefix = NOTHING;
  private byte[] heap = NOTHING;

  /** The end of what is used of the heap. */
  private int end;

  /** Bytes below {@link #end} that belong to no entry. */
  private int dead;

  /** First bytes of keys, sign flipped so that signed comparison orders them as unsigned bytes. */
  private int[] heads = NO_SLOTS;

  private int[] offsets = NO_SLOTS;
  private int count;

  Slots() {}

  /** Room for exactly {@code entries} entries and {@code bytes} of them. */
  private Slots(byte[] prefix, int entries, int bytes) {
    this.prefix = prefix;
    heap = new byte[bytes];
    heads = new int[entries];
    offsets = new int[entries];
  }

  /** Takes over a stored leaf, bytes and all. */
  static Slots of(PageView leaf) {
    Slots slots = new Slots();
    slots.prefix = leaf.prefix();
    slots.heap = leaf.bytes();
    slots.end = slots.heap.length;
    slots.count = leaf.count();
    slots.heads = new int[slots.count];
    slots.offsets = new int[slots.count];
    int live = 0;
    for (int i = 0; i < slots.count; i++) {
      slots.offsets[i] = leaf.entryAt(i);
      slots.heads[i] = slots.headAt(leaf.entryAt(i));
      live += slots.entryBytes(i);
    }
    slots.dead = slots.end - live;
    return slots;
  }

  /** A copy to be changed, with a little room. */
  Slots copy() {
    Slots copy = new Slots();
    copy.prefix = prefix;
    copy.heap = Arrays.copyOf(heap, end + (end >>> 4) + 64);
    copy.end = end;
    copy.dead = dead;
    copy.heads = Arrays.copyOf(heads, count + 4);
    copy.offsets = Arrays.copyOf(offsets, count + 4);
    copy.count = count;
    return copy;
  }

  int count() {
    return count;
  }

  /** The size of the entries and their prefix when stored, in bytes. */
  int bytes() {
    return prefix.length + end - dead;
  }

  /** The memory that this occupies, in bytes. */
  int footprint() {
    return OVERHEAD_BYTES + prefix.length + heap.length + Integer.BYTES * 2 * heads.length;
  }

  /** The index of a key, or {@code -(index where it belongs) - 1}. */
  int find(byte[] key) {
    int skip = prefix.length;
    if (skip != 0) {
      int mismatch = Arrays.mismatch(prefix, 0, skip, key, 0, Math.min(skip, key.length));
      if (mismatch >= 0) {
        boolean below =
            mismatch == key.length || Byte.compareUnsigned(key[mismatch], prefix[mismatch]) < 0;
        return below ? -1 : -count - 1;
      }
    }
    int head = head(key, skip, key.length);
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = heads[middle];
      int order =
          found != head ? Integer.compare(found, head) : compareRest(offsets[middle], key, skip);
      if (order < 0) {
        low = middle + 1;
      } else if (order > 0) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  private int compareRest(int offset, byte[] key, int skip) {
    int length = Varint.read(heap, offset);
    int from = offset + Varint.size(length);
    return Arrays.compareUnsigned(heap, from, from + length, key, skip, key.length);
  }

  /**
   * The first four bytes of a key's rest, zeros if it is shorter, in an int that orders as they do.
   */
  private static int head(byte[] bytes, int from, int to) {
    if (to - from >= Integer.BYTES) {
      return (int) BIG_ENDIAN_INT.get(bytes, from) ^ Integer.MIN_VALUE;
    }
    int head = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      head = (head << 8) | (from + i < to ? bytes[from + i] & 0xff : 0);
    }
    return head ^ Integer.MIN_VALUE;
  }

  private int headAt(int offset) {
    int length = Varint.read(heap, offset);
    int from = offset + Varint.size(length);
    return head(heap, from, from + length);
  }

  byte[] key(int i) {
    int length = Varint.read(heap, offsets[i]);
    byte[] key = Arrays.copyOf(prefix, prefix.length + length);
    System.arraycopy(heap, offsets[i] + Varint.size(length), key, prefix.length, length);
    return key;
  }

  byte[] value(int i) {
    int lengthAt = valueAt(i);
    int length = Varint.read(heap, lengthAt);
    int from = lengthAt + Varint.size(length);
    return Arrays.copyOfRange(heap, from, from + length);
  }

  /** Whether entry {@code i} has this value. */
  boolean holds(int i, byte[] value) {
    int lengthAt = valueAt(i);
    int length = Varint.read(heap, lengthAt);
    int from = lengthAt + Varint.size(length);
    return Arrays.equals(heap, from, from + length, value, 0, value.length);
  }

  /** Where the value's length is. */
  private int valueAt(int i) {
    int keyLength = Varint.read(heap, offsets[i]);
    return offsets[i] + Varint.size(keyLength) + keyLength;
  }

  /** The size of an entry in the heap. */
  int entryBytes(int i) {
    int lengthAt = valueAt(i);
    int length = Varint.read(heap, lengthAt);
    return lengthAt + Varint.size(length) + length - offsets[i];
  }

  /** Adds an entry at the index where {@link #find} says that it belongs. */
  void insert(int i, byte[] key, byte[] value) {
    if (count == 0) {
      adopt(new Slots());
      prefix = key.clone();
    } else {
      int shared = shared(prefix, key);
      if (shared < prefix.length) {
        adopt(section(0, count, shared));
      }
    }
    int keyLength = key.length - prefix.length;
    reserve(PageBuilder.entryBytes(keyLength, value.length));
    if (count == heads.length) {
      heads = Arrays.copyOf(heads, count + (count >>> 2) + 4);
      offsets = Arrays.copyOf(offsets, heads.length);
    }
    System.arraycopy(heads, i, heads, i + 1, count - i);
    System.arraycopy(offsets, i, offsets, i + 1, count - i);
    count++;
    offsets[i] = end;
    heads[i] = head(key, prefix.length, key.length);
    write(key, prefix.length, keyLength, value);
  }

  /** Changes the value of an entry. */
  void replace(int i, byte[] value) {
    int lengthAt = valueAt(i);
    int length = Varint.read(heap, lengthAt);
    if (length == value.length) {
      System.arraycopy(value, 0, heap, lengthAt + Varint.size(length), length);
      return;
    }
    byte[] key = key(i);
    drop(i);
    insert(i, key, value);
  }

  void remove(int i) {
    drop(i);
    if (count == 0) {
      adopt(new Slots());
    } else if (dead > 1024 && dead > end >>> 1) {
      adopt(section(0, count));
    }
  }

  private void drop(int i) {
    dead += entryBytes(i);
    count--;
    System.arraycopy(heads, i + 1, heads, i, count - i);
    System.arraycopy(offsets, i + 1, offsets, i, count - i);
  }

  private void write(byte[] key, int from, int keyLength, byte[] value) {
    int at = Varint.write(heap, end, keyLength);
    System.arraycopy(key, from, heap, at, keyLength);
    at = Varint.write(heap, at + keyLength, value.length);
    System.arraycopy(value, 0, heap, at, value.length);
    end = at + value.length;
  }

  /** Makes room behind {@link #end}, by collecting dead bytes if they are many. */
  private void reserve(int need) {
    if (end + need <= heap.length) {
      return;
    }
    if (dead > end >>> 2) {
      adopt(section(0, count, prefix.length));
    }
    if (end + need > heap.length) {
      heap = Arrays.copyOf(heap, end + need + (end >>> 2) + 32);
    }
  }

  private void adopt(Slots other) {
    prefix = other.prefix;
    heap = other.heap;
    end = other.end;
    dead = other.dead;
    heads = other.heads;
    offsets = other.offsets;
    count = other.count;
  }

  /** Keeps only entries {@code from} to {@code to - 1}, in as little memory as they need. */
  void retain(int from, int to) {
    adopt(section(from, to));
  }

  /** A compact copy of entries {@code from} to {@code to - 1}. */
  Slots section(int from, int to) {
    if (from == to) {
      return new Slots();
    }
    return section(from, to, shared(key(from), key(to - 1)));
  }

  /** A copy of at least one entry, under another prefix that they share. */
  private Slots section(int from, int to, int prefixLength) {
    byte[] shared = Arrays.copyOf(key(from), prefixLength);
    Slots section = new Slots(shared, to - from, bytes(from, to, prefixLength));
    section.append(this, from, to);
    return section;
  }

  /** All entries of {@code left}, then all of {@code right}, whose keys are greater. */
  static Slots join(Slots left, Slots right) {
    if (left.count == 0 || right.count == 0) {
      return left.count == 0 ? right.section(0, right.count) : left.section(0, left.count);
    }
    byte[] first = left.key(0);
    int prefixLength = shared(first, right.key(right.count - 1));
    Slots joined =
        new Slots(
            Arrays.copyOf(first, prefixLength),
            left.count + right.count,
            left.bytes(0, left.count, prefixLength) + right.bytes(0, right.count, prefixLength));
    joined.append(left, 0, left.count);
    joined.append(right, 0, right.count);
    return joined;
  }

  /** The most that these entries take under another prefix. */
  private int bytes(int from, int to, int prefixLength) {
    int more = prefix.length - prefixLength;
    // A longer key can need a longer length.
    int each = more > 0 ? more + 1 : more;
    int bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += entryBytes(i) + each;
    }
    return bytes;
  }

  private void append(Slots from, int first, int last) {
    for (int i = first; i < last; i++) {
      append(from, i);
    }
  }

  /** Adds a copy of an entry of another page, which has this page's prefix, as the last. */
  private void append(Slots from, int i) {
    int start = from.offsets[i];
    int keyLength = Varint.read(from.heap, start);
    int keyAt = start + Varint.size(keyLength);
    int more = from.prefix.length - prefix.length;
    offsets[count] = end;
    int at = Varint.write(heap, end, keyLength + more);
    int headFrom = at;
    if (more > 0) {
      System.arraycopy(from.prefix, prefix.length, heap, at, more);
      at += more;
    } else {
      keyAt -= more;
    }
    int rest = start + from.entryBytes(i) - keyAt;
    System.arraycopy(from.heap, keyAt, heap, at, rest);
    heads[count] = head(heap, headFrom, headFrom + keyLength + more);
    end = at + rest;
    count++;
  }

  /** How many first bytes two keys share. */
  static int shared(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  byte[] prefix() {
    return prefix;
  }

  /** Writes all entries, as those of a leaf. */
  void encodeTo(PageBuilder page) {
    for (int i = 0; i < count; i++) {
      page.encoded(heap, offsets[i], entryBytes(i));
    }
  }

  /** Writes the key of an entry with another value, as an inner page's. */
  void encodeKeyTo(PageBuilder page, int i, byte[] value) {
    int length = Varint.read(heap, offsets[i]);
    page.entry(heap, offsets[i] + Varint.size(length), length, value);
  }
}
