package io.strata.tests.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of one round are in a mount.
 *
 * @param path of the folder
 */
record RoundFolder(Path path) {
  /** Length of a record in a log: it never crosses the end of a page. */
  static final int RECORD_BYTES = 512;

  /** Length of a block that is overwritten. */
  static final int BLOCK_BYTES = 4096;

  static RoundFolder of(Path mount, int round) {
    return new RoundFolder(mount.resolve("round-" + round));
  }

  /** Creates the folders, before the writers begin. */
  void create(int writers) throws IOException {
    Files.createDirectory(path);
    Files.createDirectory(names());
    Files.createDirectory(slots());
    for (int writer = 0; writer < writers; writer++) {
      Files.createDirectory(of(writer));
    }
  }

  private Path of(int writer) {
    return path.resolve("writer-" + writer);
  }

  Path sharedLog() {
    return path.resolve("log");
  }

  /** The directory of files that are created, renamed and removed by all. */
  Path names() {
    return path.resolve("names");
  }

  Path slots() {
    return path.resolve("slots");
  }

  Path slot(int slot) {
    return slots().resolve("slot-" + slot);
  }

  Path log(int writer) {
    return of(writer).resolve("log");
  }

  Path blocks(int writer) {
    return of(writer).resolve("blocks");
  }

  /** The file that the writer replaces. */
  Path published(int writer) {
    return of(writer).resolve("published");
  }

  /** What is to replace a file. */
  Path draft(int writer) {
    return of(writer).resolve("draft");
  }
}
