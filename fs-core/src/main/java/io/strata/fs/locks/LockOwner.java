package io.strata.fs.locks;

/**
 * Who holds locks.
 *
 * @param session the guest
 * @param id any number by which its kernel names a process or an open file
 */
record LockOwner(LockSession session, long id) {}
