package io.strata.vhost.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** FUSE requests as a guest's kernel writes them. */
final class FuseBytes {
  static final int LOOKUP = 1;
  static final int FORGET = 2;
  static final int GETATTR = 3;
  static final int MKDIR = 9;
  static final int OPEN = 14;
  static final int READ = 15;
  static final int WRITE = 16;
  static final int RELEASE = 18;
  static final int FSYNC = 20;
  static final int INIT = 26;
  static final int CREATE = 35;
  static final int INTERRUPT = 36;

  private static final int HEADER_BYTES = 40;

  private FuseBytes() {}

  static ByteBuffer arguments(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] request(int opcode, long unique, long node, byte[] arguments) {
    return arguments(HEADER_BYTES + arguments.length)
        .putInt(HEADER_BYTES + arguments.length)
        .putInt(opcode)
        .putLong(unique)
        .putLong(node)
        .put(HEADER_BYTES, arguments)
        .array();
  }

  static byte[] init(long unique) {
    byte[] arguments =
        arguments(64).putInt(7).putInt(38).putInt(1 << 17).putInt(0x7fffffff).array();
    return request(INIT, unique, 0, arguments);
  }

  static byte[] getattr(long unique, long node) {
    return request(GETATTR, unique, node, new byte[16]);
  }

  static byte[] create(long unique, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return request(
        CREATE,
        unique,
        1,
        arguments(16 + text.length + 1).putInt(2).putInt(0100644).putLong(0).put(text).array());
  }

  static byte[] write(long unique, long node, long handle, long offset, byte[] data) {
    return request(
        WRITE,
        unique,
        node,
        arguments(40 + data.length)
            .putLong(handle)
            .putLong(offset)
            .putInt(data.length)
            .put(40, data)
            .array());
  }

  static byte[] read(long unique, long node, long handle, long offset, int size) {
    return request(
        READ, unique, node, arguments(40).putLong(handle).putLong(offset).putInt(size).array());
  }

  static byte[] fsync(long unique, long node, long handle) {
    return request(FSYNC, unique, node, arguments(16).putLong(handle).array());
  }

  static byte[] interrupt(long unique) {
    return request(INTERRUPT, unique | 1, 0, arguments(8).putLong(unique).array());
  }

  static byte[] forget(long unique, long node) {
    return request(FORGET, unique, node, arguments(8).putLong(1).array());
  }

  static long u64(byte[] reply, int at) {
    return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }
}
