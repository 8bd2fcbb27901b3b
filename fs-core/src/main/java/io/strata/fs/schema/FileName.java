package io.strata.fs.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One component of a path: 1 to 255 bytes without slash or NUL, neither {@code .} nor {@code ..}.
 *
 * <p>Bytes, not characters: any encoding is stored and given back as it came. Immutable; ordered by
 * unsigned bytes.
 */
public final class FileName implements Comparable<FileName> {
  /** Longest name, in bytes. */
  public static final int BYTES_MAX = 255;

  private final byte[] bytes;

  private FileName(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The name with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if no file can have that name
   */
  public static FileName of(byte[] bytes) {
    if (!valid(bytes)) {
      throw new IllegalArgumentException("not a file name: " + Arrays.toString(bytes));
    }
    return new FileName(bytes.clone());
  }

  /** The name with these characters in UTF-8. */
  public static FileName of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a file can have that name. */
  public static boolean valid(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > BYTES_MAX) {
      return false;
    }
    if (bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'))) {
      return false;
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        return false;
      }
    }
    return true;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /** Copies the bytes to {@code target} from {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
  }

  @Override
  public int compareTo(FileName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The name read as UTF-8, for messages. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
