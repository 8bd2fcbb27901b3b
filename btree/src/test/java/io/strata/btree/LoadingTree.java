package io.strata.btree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A tree for one thread, that loads what an operation misses and starts it again. */
final class LoadingTree {
  final BTree tree;

  LoadingTree(BTree tree) {
    this.tree = tree;
  }

  /** An operation that may miss pages. */
  @FunctionalInterface
  interface Operation<T> {
    @Nullable T run() throws PageMissing;
  }

  static <T> @Nullable T loading(Operation<T> operation) throws IOException {
    while (true) {
      try {
        return operation.run();
      } catch (PageMissing missing) {
        missing.load();
      }
    }
  }

  byte @Nullable [] get(byte[] key) throws IOException {
    return loading(() -> tree.get(key));
  }

  byte @Nullable [] put(byte[] key, byte[] value) throws IOException {
    return loading(() -> tree.put(key, value));
  }

  byte @Nullable [] delete(byte[] key) throws IOException {
    return loading(() -> tree.delete(key));
  }

  byte @Nullable [] renew(byte[] key, Predicate<PageAddress> kind) throws IOException {
    return loading(() -> tree.renew(key, kind));
  }

  @Nullable Entry floor(byte[] key) throws IOException {
    return loading(() -> tree.floor(key));
  }

  void touch(byte[] key) throws IOException {
    loading(
        () -> {
          tree.touch(key);
          return null;
        });
  }

  /** The first {@code entriesMax} entries of a range. */
  List<Entry> scan(byte[] from, byte @Nullable [] to, int entriesMax) throws IOException {
    List<Entry> found = new ArrayList<>();
    loading(
        () -> {
          found.clear();
          tree.scan(
              from,
              to,
              (key, value) -> {
                found.add(new Entry(key, value));
                return found.size() < entriesMax;
              });
          return null;
        });
    return found;
  }

  /** Writes and commits a checkpoint. */
  PageAddress checkpoint(PageSink sink) throws IOException {
    try (FrozenTree frozen = tree.freeze()) {
      PageAddress root = frozen.write(sink);
      frozen.commit();
      return root;
    }
  }
}
