package io.strata.fs.locks;

import org.jspecify.annotations.Nullable;

/**
 * What an owner holds over a range from now on, whatever it was before. The table is a function of
 * these, in their order.
 *
 * @param owner {@link LockOwner#id}
 * @param mode null: nothing
 * @param pid who took it
 */
record LockChange(
    LockName name, long owner, ByteRange range, @Nullable LockMode mode, int pid) {}
