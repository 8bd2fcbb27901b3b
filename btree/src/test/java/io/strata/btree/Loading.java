package io.strata.btree;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Runs tree operations as the engine does: those that miss a page load it and start again. */
final class Loading {
  /** An operation that may miss pages. */
  @FunctionalInterface
  interface Operation<T> {
    @Nullable T run() throws PageMissing;
  }

  /** An operation without a result. */
  @FunctionalInterface
  interface Step {
    void run() throws PageMissing;
  }

  private Loading() {}

  static <T> @Nullable T loading(Operation<T> operation) throws IOException {
    while (true) {
      try {
        return operation.run();
      } catch (PageMissing missing) {
        missing.load();
      }
    }
  }

  static void doing(Step step) throws IOException {
    loading(
        () -> {
          step.run();
          return true;
        });
  }
}
