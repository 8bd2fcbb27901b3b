package io.strata.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The volume under test, through its mount or through the library. Paths are relative to its root,
 * with slashes between their components.
 */
interface DemoTree extends AutoCloseable {
  /** Makes a directory and those above it. */
  void makeDirectories(String path) throws IOException;

  /** Makes a file or empties it. */
  OutputStream write(String path) throws IOException;

  /** Opens a file to write at its end; makes it if it is missing. */
  Appender append(String path) throws IOException;

  /** Opens a file to read it from its beginning. */
  InputStream read(String path) throws IOException;

  /** Gives something another name. */
  void rename(String path, String newPath) throws IOException;

  /** Gives a file one more name. */
  void link(String path, String newPath) throws IOException;

  /** How many names a file has. */
  int links(String path) throws IOException;

  /** Hands out every regular file under a directory. */
  void forEachFile(String directory, FileVisitor visitor) throws IOException;

  /** Makes everything that was done durable. */
  void sync() throws IOException;

  /** Where other programs see it, if they can. */
  Optional<Path> directory();

  @Override
  void close() throws IOException;

  /** A file that grows. */
  interface Appender extends AutoCloseable {
    /** Writes at the end. */
    void append(byte[] bytes) throws IOException;

    /** Returns once all that was appended is durable. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Takes the path of a file. */
  interface FileVisitor {
    void file(String path) throws IOException;
  }
}
