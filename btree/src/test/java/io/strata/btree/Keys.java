package io.strata.btree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Keys and values as a filesystem has them. */
final class Keys {
  private Keys() {}

  /** Of an inode record: number and kind. */
  static byte[] inode(long number) {
    return ByteBuffer.allocate(9).putLong((1L << 40) | number).put((byte) 1).array();
  }

  /** Of a name in a directory. */
  static byte[] dentry(long directory, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(9 + bytes.length)
        .putLong((1L << 40) | directory)
        .put((byte) 3)
        .put(bytes)
        .array();
  }

  /** A value that differs from that of every other seed. */
  static byte[] value(long seed, int length) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }
}
