package io.strata.fsck.finding;

import io.strata.store.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not as it should be in a volume, or that its reader should know.
 *
 * <p>Each says what is wrong, where, what it means for the files, and what to do. {@link #code} is
 * for programs and does not change; the sentences are for people and may.
 */
public sealed interface Finding
    permits ObjectFinding, HistoryFinding, TreeFinding, NameFinding, SpaceFinding {

  /** How bad it is. */
  Severity severity();

  /** The kind of finding in a few words with hyphens, the same for ever. */
  String code();

  /** The object of the bucket that it is about, or null. */
  default @Nullable ObjectKey object() {
    return null;
  }

  /** The file that it is about, or null. */
  default @Nullable FilePlace file() {
    return null;
  }

  /** What is wrong, in one sentence without a full stop, naming object and file. */
  String what();

  /** What that means for who uses the volume. */
  String means();

  /** What to do about it. */
  String remedy();
}
