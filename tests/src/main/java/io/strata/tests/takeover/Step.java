package io.strata.tests.takeover;

/** One thing that a writer does. Either all of it has happened to its files or nothing. */
sealed interface Step {
  /** Appends a record to the writer's own log, and syncs that. */
  record Append() implements Step {}

  /** Appends a record to the log of all writers, and syncs that. */
  record AppendShared() implements Step {}

  /** Writes a block of the writer's own file anew, and syncs that. */
  record Overwrite(int block) implements Step {}

  /** Replaces the writer's own file by a new one, synced, by rename, and syncs the directory. */
  record Publish(int bytes) implements Step {}

  /** The same with one of the files that all writers replace. */
  record PublishShared(int slot, int bytes) implements Step {}

  /** Creates a file among those of all writers, and syncs the directory. */
  record Create(String name) implements Step {}

  /** Renames one; without a sync. */
  record Rename(String from, String to) implements Step {}

  /** Removes one; without a sync. */
  record Remove(String name) implements Step {}

  /** Whether success is a promise that it stays, and all that went before. */
  default boolean synced() {
    return switch (this) {
      case Append append -> true;
      case AppendShared append -> true;
      case Overwrite overwrite -> true;
      case Publish publish -> true;
      case PublishShared publish -> true;
      case Create create -> true;
      case Rename rename -> false;
      case Remove remove -> false;
    };
  }
}
