package io.strata.replay;

/** Where a log entry gets the file data that must become durable with it. */
@FunctionalInterface
public interface EntryData {
  /** For a log that carries no file data. */
  EntryData NONE = () -> Attachment.NONE;

  /**
   * Called exactly once for each entry, in the order of the entries, when the entry is cut: all
   * file data appended so far must become durable with this entry or with one before it. (So a
   * writer appends data first and the group that refers to it second.)
   *
   * <p>Runs under the log's lock: it must be quick, wait for nothing, neither call the log nor
   * throw.
   */
  Attachment attach();
}
