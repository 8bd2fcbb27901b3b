package io.strata.fs.difference;

import io.strata.fs.schema.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * Where a file is in a volume. Ordered as unsigned bytes.
 *
 * @param bytes names in any encoding, each with a slash before it; the root is one slash
 */
public record FilePath(ByteString bytes) implements Comparable<FilePath> {
  static final FilePath ROOT = new FilePath(ByteString.of("/"));

  @Override
  public int compareTo(FilePath other) {
    return bytes.compareTo(other.bytes);
  }

  /** The path read as UTF-8. */
  @Override
  public String toString() {
    return new String(bytes.toBytes(), StandardCharsets.UTF_8);
  }
}
