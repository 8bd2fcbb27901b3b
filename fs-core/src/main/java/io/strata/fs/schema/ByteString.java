package io.strata.fs.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as a value: immutable, compared by content, ordered as unsigned bytes. */
public final class ByteString implements Comparable<ByteString> {
  /** No bytes. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  /** How many bytes a message shows before it stops. */
  private static final int SHOWN_MAX = 32;

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static ByteString of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new ByteString(bytes.clone());
  }

  /** The bytes of these characters in UTF-8. */
  public static ByteString of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Wraps an array that nobody else keeps. */
  static ByteString wrap(byte[] own) {
    return own.length == 0 ? EMPTY : new ByteString(own);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /** Copies all bytes to {@code target} from {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Length and the first bytes in hexadecimal, for messages. */
  @Override
  public String toString() {
    String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_MAX));
    return bytes.length + ":" + hex + (bytes.length > SHOWN_MAX ? "…" : "");
  }
}
