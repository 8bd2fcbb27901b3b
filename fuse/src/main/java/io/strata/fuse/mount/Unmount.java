package io.strata.fuse.mount;

/** How to unmount. */
public enum Unmount {
  /** Only if nobody uses it. */
  IF_UNUSED,
  /** Takes it out of sight now; who uses it goes on until done. */
  DETACH,
  /** Takes it out of sight now; who uses it gets errors. Only root can; others detach. */
  ABORT
}
