package io.strata.fs;

import io.strata.fs.schema.Mutation;
import java.util.List;

/**
 * What an operation came to.
 *
 * @param mutations one atomic group, at most one mutation a key; empty if nothing is to change
 * @param result what it answers once they are applied
 * @param <T> type of the answer
 */
public record Change<T>(List<Mutation> mutations, T result) {
  public Change {
    mutations = List.copyOf(mutations);
  }

  /** Nothing is to change. */
  public static <T> Change<T> none(T result) {
    return new Change<>(List.of(), result);
  }
}
