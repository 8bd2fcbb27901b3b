package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A part of a file in memory, shared with everyone who maps it. It needs the descriptor no longer
 * once it exists.
 *
 * <p>Its memory may be used by any thread until it is closed, and throws {@link
 * IllegalStateException} afterwards. If someone else cuts the file off, access to what is gone ends
 * in an {@link InternalError} of the virtual machine, as long as it is Java that accesses it:
 * native code would end the process. So this memory must never be an argument of a native call.
 */
public final class Mapping implements AutoCloseable {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_NORESERVE = 0x4000;

  /** No huge page is larger; what claims to be so is no size of a page. */
  private static final int PAGE_BYTES_MAX = 1 << 30;

  private final Arena arena;
  private final MemorySegment memory;

  private Mapping(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * Maps {@code length} bytes of a file from {@code offset} for reading and writing. The offset
   * need not lie on a page's boundary, be pages huge or not.
   *
   * @throws SystemCallException EINVAL if the file is shorter than that, or whatever mmap(2) says
   */
  public static Mapping shared(Descriptor file, long offset, long length)
      throws SystemCallException {
    Descriptor.FileSize size = file.size();
    if (offset < 0 || length <= 0 || length > size.bytes() - offset) {
      throw new SystemCallException(
          "map %d bytes at %d of a file of %d".formatted(length, offset, size.bytes()),
          Errors.EINVAL);
    }
    long unit = Math.max(Libc.getpagesize(), hugePageBytes(size.blockBytes()));
    long from = offset / unit * unit;
    long mapped = Math.ceilDiv(offset + length - from, unit) * unit;
    try (Arena call = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(call);
      MemorySegment address =
          Libc.mmap(
              errno, mapped, PROT_READ_WRITE, MAP_SHARED | MAP_NORESERVE, file.number(), from);
      if (address.address() == -1) {
        throw new SystemCallException("mmap of " + mapped + " bytes at " + from, errno.errno());
      }
      Arena arena = Arena.ofShared();
      MemorySegment all = lasting(address, mapped, arena);
      return new Mapping(arena, all.asSlice(offset - from, length));
    }
  }

  /** On hugetlbfs the block is the page, and mmap(2) takes multiples of it only. */
  private static int hugePageBytes(int blockBytes) {
    return Integer.bitCount(blockBytes) == 1 && blockBytes <= PAGE_BYTES_MAX ? blockBytes : 1;
  }

  @SuppressWarnings("restricted") // the length is what mmap was asked for
  private static MemorySegment lasting(MemorySegment address, long length, Arena arena) {
    return address.reinterpret(length, arena, Mapping::unmap);
  }

  private static void unmap(MemorySegment all) {
    try (Arena arena = Arena.ofConfined()) {
      Libc.munmap(new ErrnoSlot(arena), MemorySegment.ofAddress(all.address()), all.byteSize());
    }
  }

  /** The bytes. */
  public MemorySegment memory() {
    return memory;
  }

  /** Unmaps them. Whoever still touches them is told so. */
  @Override
  public void close() {
    arena.close();
  }
}
