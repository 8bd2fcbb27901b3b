package io.strata.fs.locks;

import io.strata.fs.schema.Ino;

/**
 * A lock that somebody asks for.
 *
 * @param owner any number that names the process ({@link LockKind#POSIX}) or open file ({@link
 *     LockKind#FLOCK}) within its guest
 * @param range {@link ByteRange#ALL} for a whole file
 * @param pid the process, for others of its guest to see
 */
public record WantedLock(
    Ino ino, LockKind kind, long owner, ByteRange range, LockMode mode, int pid) {
  LockName name() {
    return new LockName(ino, kind);
  }
}
