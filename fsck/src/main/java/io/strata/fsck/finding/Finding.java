package io.strata.fsck.finding;

import io.strata.store.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be in a volume, or that its reader should know.
 *
 * <p>Each says what is wrong, where, what it means for the files, and what to do. Its code is for
 * programs and does not change; the sentences are for people and may.
 */
public sealed interface Finding
    permits ObjectFinding, HistoryFinding, TreeFinding, NameFinding, SpaceFinding {

  /** How bad it is. */
  Severity severity();

  /** What it says. */
  Explanation explanation();

  /** Its kind, as in {@link Explanation#code}. */
  default String code() {
    return explanation().code();
  }

  /** What is wrong, as in {@link Explanation#what}. */
  default String what() {
    return explanation().what();
  }

  /** The object of the bucket that it is about, or null. */
  default @Nullable ObjectKey object() {
    return null;
  }

  /** The file that it is about, or null. */
  default @Nullable FilePlace file() {
    return null;
  }
}
