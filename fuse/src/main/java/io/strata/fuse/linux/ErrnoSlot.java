package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Where a system call leaves its errno. To be used by one call at a time; kept by those who call
 * often, so that a call allocates nothing.
 */
public final class ErrnoSlot {
  private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
  private static final long OFFSET =
      LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private final MemorySegment memory;

  /** A slot that lives as long as {@code arena}. */
  public ErrnoSlot(Arena arena) {
    this.memory = arena.allocate(LAYOUT);
  }

  MemorySegment memory() {
    return memory;
  }

  /** The positive errno of the last call that failed. */
  int errno() {
    return memory.get(ValueLayout.JAVA_INT, OFFSET);
  }
}
