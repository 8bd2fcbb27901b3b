package io.strata.vhost.queue;

import io.strata.vhost.memory.DirtyLog;
import io.strata.vhost.memory.GuestAccess;
import io.strata.vhost.memory.GuestMemoryGone;
import io.strata.vhost.memory.GuestRange;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/** The pieces of guest memory that one side of a chain has. Immutable but for the bytes. */
final class ChainBuffers implements GuestBuffers {
  private final VirtQueue queue;
  private final List<GuestRange> pieces;
  private final long byteSize;

  ChainBuffers(VirtQueue queue, List<GuestRange> pieces) {
    this.queue = queue;
    this.pieces = pieces;
    this.byteSize = pieces.stream().mapToLong(GuestRange::byteSize).sum();
  }

  @Override
  public long byteSize() {
    return byteSize;
  }

  @Override
  public void copyTo(long at, MemorySegment into) {
    Objects.checkFromIndexSize(at, into.byteSize(), byteSize);
    access(
        () ->
            forEachPart(
                at,
                into.byteSize(),
                (done, guest) -> into.asSlice(done, guest.byteSize()).copyFrom(guest.bytes())));
  }

  @Override
  public void copyFrom(MemorySegment from, long at) {
    Objects.checkFromIndexSize(at, from.byteSize(), byteSize);
    DirtyLog log = queue.dirtyLog();
    access(
        () ->
            forEachPart(
                at,
                from.byteSize(),
                (done, guest) -> {
                  guest.bytes().copyFrom(from.asSlice(done, guest.byteSize()));
                  log.wrote(guest.guestAddress(), guest.byteSize());
                }));
  }

  private void access(Runnable copy) {
    try {
      GuestAccess.run(copy);
    } catch (GuestMemoryGone e) {
      throw queue.broken(e);
    }
  }

  private interface Part {
    /** A part that has {@code done} bytes of the whole before it. */
    void copy(long done, GuestRange guest);
  }

  private void forEachPart(long at, long length, Part part) {
    long start = 0;
    long done = 0;
    for (GuestRange piece : pieces) {
      if (done == length) {
        return;
      }
      long end = start + piece.byteSize();
      if (at + done < end) {
        long skip = at + done - start;
        long count = Math.min(piece.byteSize() - skip, length - done);
        part.copy(
            done, new GuestRange(piece.guestAddress() + skip, piece.bytes().asSlice(skip, count)));
        done += count;
      }
      start = end;
    }
  }
}
