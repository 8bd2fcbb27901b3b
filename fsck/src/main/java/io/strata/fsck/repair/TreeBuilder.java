package io.strata.fsck.repair;

import io.strata.btree.PageAddress;
import io.strata.btree.PageSink;
import io.strata.btree.format.PageBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree from its entries in order, from the leaves up; keeps one page a level in memory.
 *
 * <p>Confined to a thread.
 */
final class TreeBuilder {
  private static final int PAGE_BYTES = 8 << 10;
  private static final int CHILDREN_MIN = 2;
  private static final byte[] NO_KEY = {};

  private final PageSink sink;
  private final List<Level> levels = new ArrayList<>();

  TreeBuilder(PageSink sink) {
    this.sink = sink;
  }

  /** Adds an entry whose key is greater than all before. */
  void add(byte[] key, byte[] value) throws IOException {
    level(0).add(key, value);
  }

  /** Ends the tree; its root, or null if it is empty. */
  @Nullable PageAddress finish() throws IOException {
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      PageAddress only = level.only();
      if (only != null && i == levels.size() - 1) {
        return only;
      }
      level.flush();
    }
    return null;
  }

  private Level level(int number) {
    if (number == levels.size()) {
      levels.add(new Level(number));
    }
    return levels.get(number);
  }

  /** The page of a level that is being filled. */
  private final class Level {
    private final int number;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private int bytes;
    private boolean first = true;

    Level(int number) {
      this.number = number;
    }

    void add(byte[] key, byte[] value) throws IOException {
      int entry = PageBuilder.entryBytes(key.length, value.length);
      if (bytes + entry > PAGE_BYTES && keys.size() >= (number == 0 ? 1 : CHILDREN_MIN)) {
        flush();
      }
      keys.add(key);
      values.add(value);
      bytes += entry;
    }

    /** The single child of a level that has no second page; null if there is more. */
    @Nullable PageAddress only() {
      return number > 0 && first && keys.size() == 1
          ? PageAddress.decode(java.nio.ByteBuffer.wrap(values.getFirst()))
          : null;
    }

    void flush() throws IOException {
      if (keys.isEmpty()) {
        return;
      }
      boolean inner = number > 0;
      // The first child of an inner page stands below every key and has none.
      int from = inner ? 1 : 0;
      int prefix = from < keys.size() ? commonPrefix(keys.get(from), keys.getLast()) : 0;
      int entryBytes = inner ? PageBuilder.entryBytes(0, values.getFirst().length) : 0;
      for (int i = from; i < keys.size(); i++) {
        entryBytes += PageBuilder.entryBytes(keys.get(i).length - prefix, values.get(i).length);
      }
      byte[] prefixBytes = prefix == 0 ? NO_KEY : Arrays.copyOf(keys.get(from), prefix);
      PageBuilder page = new PageBuilder(number, prefixBytes, entryBytes);
      if (inner) {
        page.entry(NO_KEY, 0, 0, values.getFirst());
      }
      for (int i = from; i < keys.size(); i++) {
        byte[] key = keys.get(i);
        page.entry(key, prefix, key.length - prefix, values.get(i));
      }
      PageAddress address = sink.write(page.finish());
      byte[] separator = keys.getFirst();
      keys.clear();
      values.clear();
      bytes = 0;
      first = false;
      level(number + 1).add(separator, address.encoded());
    }

    private static int commonPrefix(byte[] one, byte[] other) {
      int mismatch = Arrays.mismatch(one, other);
      return mismatch < 0 ? one.length : mismatch;
    }
  }
}
