package io.strata.fs.locks;

import org.jspecify.annotations.Nullable;

/**
 * What an owner holds over a range from now on, whatever it was before. The table is a function of
 * these, in their order.
 *
 * @param owner {@link LockOwner#id}
 * @param mode null: nothing
 * @param pid who took it
 * @param handle through which open file; 0 if nothing is held
 */
record LockChange(
    LockName name,
    long owner,
    ByteRange range,
    @Nullable LockMode mode,
    int pid,
    long handle) {
  /** Nothing is held any more. */
  static LockChange none(LockName name, long owner, ByteRange range) {
    return new LockChange(name, owner, range, null, 0, 0);
  }
}
