package io.strata.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An input of {@link FuseFuzz}: messages one after the other, each of an opcode, a byte that says
 * how it is to be made, the length of its arguments in two bytes, and its arguments. Whatever the
 * bytes are, they are some messages. Confined to one thread.
 */
final class FuseScript {
  /** How a message is made. */
  static final int NODE_FOUND = 1;

  static final int FILE_HANDLE = 1 << 1;
  static final int DIRECTORY_HANDLE = 1 << 2;
  static final int WRONG_LENGTH = 1 << 3;
  static final int LITTLE_ROOM = 1 << 4;
  static final int EXTENSIONS = 1 << 5;
  static final int NOT_TAKEN = 1 << 6;
  static final int ANY_NODE = 1 << 7;

  private static final int HEADER_BYTES = 40;
  private static final int ARGUMENT_BYTES_MAX = 2047;

  private final ByteBuffer in;

  /** What the answers so far told. */
  private long node = 1;

  private long file;
  private long directory;

  FuseScript(byte[] input) {
    in = ByteBuffer.wrap(input).order(ByteOrder.nativeOrder());
  }

  /**
   * A message.
   *
   * @param bytes all of it
   * @param how it was made
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Made(byte[] bytes, int how) {
    boolean is(int flag) {
      return (how & flag) != 0;
    }
  }

  boolean hasNext() {
    return in.remaining() >= 4;
  }

  /** The next message, with this number. */
  Made next(long unique) {
    int opcode = in.get() & 0x3f;
    int how = in.get() & 0xff;
    int length = Math.min(in.getShort() & ARGUMENT_BYTES_MAX, in.remaining());
    byte[] arguments = new byte[length];
    in.get(arguments);
    ByteBuffer body = ByteBuffer.wrap(arguments).order(ByteOrder.nativeOrder());
    if (length >= 8 && (how & FILE_HANDLE) != 0) {
      body.putLong(0, file);
    } else if (length >= 8 && (how & DIRECTORY_HANDLE) != 0) {
      body.putLong(0, directory);
    }
    long about = 1;
    if ((how & NODE_FOUND) != 0) {
      about = node;
    } else if ((how & ANY_NODE) != 0 && length >= 8) {
      about = body.getLong(length - 8);
    }
    byte[] message = new byte[HEADER_BYTES + length];
    ByteBuffer.wrap(message)
        .order(ByteOrder.nativeOrder())
        .putInt((how & WRONG_LENGTH) != 0 ? length : message.length)
        .putInt(opcode)
        .putLong(unique)
        .putLong(about)
        .putInt(0)
        .putInt(0)
        .putInt(1)
        .putShort((short) ((how & EXTENSIONS) != 0 ? length : 0))
        .putShort((short) 0)
        .put(arguments);
    return new Made(message, how);
  }

  /** Takes from an answer what later messages may be about. */
  void learn(int opcode, ByteBuffer body) {
    switch (opcode) {
      case 1, 6, 8, 9, 13 -> node = body.getLong(0); // LOOKUP, SYMLINK, MKNOD, MKDIR, LINK
      case 35, 51 -> { // CREATE, TMPFILE
        node = body.getLong(0);
        file = body.getLong(128);
      }
      case 14 -> file = body.getLong(0); // OPEN
      case 27 -> directory = body.getLong(0); // OPENDIR
      default -> {}
    }
  }

  /** Puts one message of a script together, for seeds. */
  static byte[] step(int opcode, int how, byte[] arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(opcode);
    out.write(how);
    out.write(arguments.length);
    out.write(arguments.length >> 8);
    out.writeBytes(arguments);
    return out.toByteArray();
  }
}
