package io.strata.fs.difference;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where a file is in a volume: names in any encoding, each with a slash before it; the root is one
 * slash. Immutable; ordered as unsigned bytes.
 */
public final class FilePath implements Comparable<FilePath> {
  static final FilePath ROOT = new FilePath(new byte[] {'/'});

  private final byte[] bytes;

  /** Takes an array that nobody else keeps. */
  FilePath(byte[] own) {
    this.bytes = own;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public int compareTo(FilePath other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilePath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The path read as UTF-8. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
