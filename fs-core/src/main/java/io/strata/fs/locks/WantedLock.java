package io.strata.fs.locks;

import io.strata.fs.schema.Ino;

/**
 * A lock that somebody asks for.
 *
 * @param owner any number that names the process ({@link LockKind#POSIX}) or open file ({@link
 *     LockKind#FLOCK}) within its guest
 * @param range {@link ByteRange#ALL} for a whole file
 * @param pid the process, for others of its guest to see
 * @param handle the open file through which it is asked for: no lock outlives it
 */
public record WantedLock(
    Ino ino,
    LockKind kind,
    long owner,
    ByteRange range,
    LockMode mode,
    int pid,
    long handle) {
  LockName name() {
    return new LockName(ino, kind);
  }

  LockChange toChange() {
    return new LockChange(name(), owner, range, mode, pid, handle);
  }
}
