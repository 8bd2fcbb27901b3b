package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the demo takes a real tree of files from. */
sealed interface Source permits ZipSource, FolderSource, MadeUpSource {
  /** Larger files are left out: the demo is about many files. */
  int FILE_BYTES_MAX = 4 << 20;

  /** What it is, for people. */
  String description();

  /**
   * Hands out files in a fixed order.
   *
   * @param filesMax how many at most
   */
  void forEachFile(int filesMax, Sink sink) throws IOException;

  /** Takes a file. */
  interface Sink {
    /** Takes one; {@code path} is relative and has slashes. */
    void file(String path, byte[] bytes) throws IOException;
  }

  /**
   * The first that this machine has: the running JDK's sources, the local Maven repository, or else
   * files that are made up.
   */
  static Source find() {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    if (Files.isReadable(sources)) {
      return new ZipSource(sources);
    }
    Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
    if (Files.isDirectory(repository)) {
      return new FolderSource(repository);
    }
    return new MadeUpSource();
  }
}
