package io.strata.tests.bench.s3;

import java.io.IOException;

/** Somebody who keeps data in the store, with the work that all of them are given. */
interface Subject extends AutoCloseable {
  int SMALL_BYTES = 4096;

  /** What one hundred small files share. */
  int FILES_A_DIRECTORY = 100;

  String name();

  /** A new file, to which small pieces are appended. */
  SyncedFile file(String name) throws IOException;

  /** Writes a new file of random bytes in order, and syncs it. */
  void write(String name, int mib) throws IOException;

  /** Reads a file in order. */
  void read(String name, int mib) throws IOException;

  /** Makes a directory for small files. */
  void directory(String name) throws IOException;

  /** Makes a small file, and syncs it if that is asked for. */
  void create(String name, boolean synced) throws IOException;

  /** Reads a small file. */
  void readSmall(String name) throws IOException;

  /** Returns when all that was written is in the store. */
  void settle() throws IOException;

  /** Lets whoever serves the files start anew, with nothing in any cache. */
  void makeCold() throws IOException;

  @Override
  void close() throws IOException;

  /** A file that grows. */
  interface SyncedFile extends AutoCloseable {
    /** Appends {@link #SMALL_BYTES} and waits until they are in the store. */
    void append() throws IOException;

    @Override
    void close() throws IOException;
  }
}
