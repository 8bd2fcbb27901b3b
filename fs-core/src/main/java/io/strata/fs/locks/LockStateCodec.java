package io.strata.fs.locks;

import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lock changes as bytes, in a session's file and in the state that moves with a guest: 8 bytes of
 * magic and version, then records of 48 bytes, little-endian: inode, owner, first and last byte,
 * handle (8 each), process (4), kind (1), mode (1, 0 for none), 2 zeros.
 */
final class LockStateCodec {
  /** "strlock" and version 1. */
  static final long MAGIC = 0x01_6b_63_6f_6c_72_74_73L;

  static final int RECORD_BYTES = 48;

  private static final byte NONE = 0;
  private static final byte SHARED = 1;
  private static final byte EXCLUSIVE = 2;
  private static final byte POSIX = 1;
  private static final byte FLOCK = 2;

  private LockStateCodec() {}

  static void put(ByteBuffer to, LockChange change) {
    to.putLong(change.name().ino().value())
        .putLong(change.owner())
        .putLong(change.range().first())
        .putLong(change.range().last())
        .putLong(change.handle())
        .putInt(change.pid())
        .put(kindCode(change.name().kind()))
        .put(modeCode(change.mode()))
        .putShort((short) 0);
  }

  static LockChange get(ByteBuffer from) throws IOException {
    try {
      long ino = from.getLong();
      long owner = from.getLong();
      ByteRange range = new ByteRange(from.getLong(), from.getLong());
      long handle = from.getLong();
      int pid = from.getInt();
      LockName name = new LockName(new Ino(ino), kind(from.get()));
      LockMode mode = mode(from.get());
      if (from.getShort() != 0) {
        throw new IOException("a lock with something behind it");
      }
      return new LockChange(name, owner, range, mode, pid, handle);
    } catch (IllegalArgumentException e) {
      throw new IOException("a lock that cannot be: " + e.getMessage(), e);
    }
  }

  static byte[] encode(List<LockChange> changes) {
    ByteBuffer to =
        ByteBuffer.allocate(Math.addExact(Long.BYTES, changes.size() * RECORD_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(MAGIC);
    changes.forEach(change -> put(to, change));
    return to.array();
  }

  static List<LockChange> decode(byte[] bytes) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < Long.BYTES
        || (bytes.length - Long.BYTES) % RECORD_BYTES != 0
        || from.getLong() != MAGIC) {
      throw new IOException(bytes.length + " bytes that are no locks that this version can read");
    }
    List<LockChange> changes = new ArrayList<>(from.remaining() / RECORD_BYTES);
    while (from.hasRemaining()) {
      changes.add(get(from));
    }
    return changes;
  }

  private static byte kindCode(LockKind kind) {
    return switch (kind) {
      case POSIX -> POSIX;
      case FLOCK -> FLOCK;
    };
  }

  private static LockKind kind(byte code) throws IOException {
    return switch (code) {
      case POSIX -> LockKind.POSIX;
      case FLOCK -> LockKind.FLOCK;
      default -> throw new IOException("a lock of kind " + code);
    };
  }

  private static byte modeCode(@Nullable LockMode mode) {
    return switch (mode) {
      case null -> NONE;
      case SHARED -> SHARED;
      case EXCLUSIVE -> EXCLUSIVE;
    };
  }

  private static @Nullable LockMode mode(byte code) throws IOException {
    return switch (code) {
      case NONE -> null;
      case SHARED -> LockMode.SHARED;
      case EXCLUSIVE -> LockMode.EXCLUSIVE;
      default -> throw new IOException("a lock of mode " + code);
    };
  }
}
