package io.strata.fs;

import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/** Takes the entries of a directory as they are found. */
@FunctionalInterface
public interface DirectoryReader {
  /**
   * Takes one entry.
   *
   * @param name its name; {@code .} and {@code ..} come first; not to be changed
   * @param ino the inode that it names
   * @param type what that is
   * @param cookie where to go on after this entry, never 0
   * @param attributes of the inode, if they were asked for (never for {@code .} and {@code ..})
   * @return false if it does not fit: it was not taken, and nothing follows
   */
  boolean entry(byte[] name, Ino ino, FileType type, long cookie, @Nullable Attributes attributes);
}
