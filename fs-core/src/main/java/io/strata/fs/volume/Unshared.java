package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.btree.PageMissing;
import java.io.IOException;
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
