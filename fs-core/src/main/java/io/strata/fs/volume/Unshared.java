package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import io.strata.btree.Visitor;
import io.strata.fs.schema.TreeKeys;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How trees are read that one thread has for itself. */
final class Unshared {
  private Unshared() {}

  /** Something that may meet a page that is not in memory, and can be started again then. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws PageMissing, IOException;
  }

  /** The value of a key, or null. */
  static byte @Nullable [] get(BTree tree, byte[] key) throws IOException {
    return run(() -> Optional.ofNullable(tree.get(key)), tree).orElse(null);
  }

  /**
   * Visits the entries of a range from its beginning, until the visitor has had enough. If it throws,
   * all visits were before what could not be read.
   */
  static void scan(BTree tree, TreeKeys.Range range, Visitor visitor) throws IOException {
    byte[][] from = {range.from()};
    run(
        () -> {
          tree.scan(
              from[0],
              range.toExclusive(),
              (key, value) -> {
                // No key is between this and the last one.
                from[0] = Arrays.copyOf(key, key.length + 1);
                return visitor.visit(key, value);
              });
          return true;
        },
        tree);
  }

  /** Runs it to its end, and keeps the memory of the trees that it reads within their bounds. */
  static <T> T run(Step<T> step, BTree... trees) throws IOException {
    while (true) {
      try {
        return step.run();
      } catch (PageMissing e) {
        e.load();
        for (BTree tree : trees) {
          tree.trim();
        }
      }
    }
  }
}
