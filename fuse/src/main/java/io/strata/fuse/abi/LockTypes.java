package io.strata.fuse.abi;

import io.strata.fs.locks.LockMode;

/** Types of locks on the wire ({@code F_RDLCK}, {@code F_WRLCK} and {@code F_UNLCK}). */
final class LockTypes {
  static final int UNLOCKED = 2;

  private static final int READ = 0;
  private static final int WRITE = 1;

  private LockTypes() {}

  static LockMode mode(int type) throws MalformedRequest {
    return switch (type) {
      case READ -> LockMode.SHARED;
      case WRITE -> LockMode.EXCLUSIVE;
      default -> throw new MalformedRequest("lock of type " + type);
    };
  }

  static int type(LockMode mode) {
    return switch (mode) {
      case SHARED -> READ;
      case EXCLUSIVE -> WRITE;
    };
  }
}
