package io.strata.fuse.abi;

import io.strata.fs.Attributes;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Lays out an inode's attributes as the kernel wants them. */
final class AttributesCodec {
  /** What {@code st_blksize} proposes for I/O, in bytes. */
  private static final int PREFERRED_BYTES = 65536;

  /** Unit of {@code st_blocks}. */
  private static final int BLOCK_BYTES = 512;

  /** STATX_BASIC_STATS and STATX_BTIME: all that {@link Attributes} hold. */
  private static final int STATX_MASK = 0xfff;

  private AttributesCodec() {}

  /** fuse_entry_out, 128 bytes. Node ids are never reused, so the generation is 0. */
  static void entry(
      MemorySegment to, long at, long node, Attributes attributes, Lifetimes lifetimes) {
    Duration name = lifetimes.ofName(attributes);
    Duration kept = lifetimes.of(attributes);
    to.set(Wire.U64, at, node);
    to.set(Wire.U64, at + 8, 0);
    to.set(Wire.U64, at + 16, name.toSeconds());
    to.set(Wire.U64, at + 24, kept.toSeconds());
    to.set(Wire.U32, at + 32, name.toNanosPart());
    to.set(Wire.U32, at + 36, kept.toNanosPart());
    attributes(to, at + 40, attributes);
    to.set(Wire.U32, at + 40 + 84, lifetimes.flags(attributes));
  }

  /** fuse_attr, 88 bytes. */
  static void attributes(MemorySegment to, long at, Attributes attributes) {
    to.set(Wire.U64, at, attributes.ino().value());
    to.set(Wire.U64, at + 8, attributes.size());
    to.set(Wire.U64, at + 16, blocks(attributes));
    to.set(Wire.U64, at + 24, attributes.accessed().seconds());
    to.set(Wire.U64, at + 32, attributes.modified().seconds());
    to.set(Wire.U64, at + 40, attributes.changed().seconds());
    to.set(Wire.U32, at + 48, attributes.accessed().nanos());
    to.set(Wire.U32, at + 52, attributes.modified().nanos());
    to.set(Wire.U32, at + 56, attributes.changed().nanos());
    to.set(Wire.U32, at + 60, attributes.mode());
    to.set(Wire.U32, at + 64, attributes.links());
    to.set(Wire.U32, at + 68, attributes.uid());
    to.set(Wire.U32, at + 72, attributes.gid());
    to.set(Wire.U32, at + 76, attributes.device());
    to.set(Wire.U32, at + 80, PREFERRED_BYTES);
    to.set(Wire.U32, at + 84, 0);
  }

  /** fuse_statx, 256 bytes, which must be zero before. */
  static void statx(MemorySegment to, long at, Attributes attributes) {
    to.set(Wire.U32, at, STATX_MASK);
    to.set(Wire.U32, at + 4, PREFERRED_BYTES);
    to.set(Wire.U32, at + 16, attributes.links());
    to.set(Wire.U32, at + 20, attributes.uid());
    to.set(Wire.U32, at + 24, attributes.gid());
    to.set(Wire.U16, at + 28, (short) attributes.mode());
    to.set(Wire.U64, at + 32, attributes.ino().value());
    to.set(Wire.U64, at + 40, attributes.size());
    to.set(Wire.U64, at + 48, blocks(attributes));
    time(to, at + 64, attributes.accessed());
    time(to, at + 80, attributes.born());
    time(to, at + 96, attributes.changed());
    time(to, at + 112, attributes.modified());
    int device = attributes.device();
    to.set(Wire.U32, at + 128, device >>> 8 & 0xfff);
    to.set(Wire.U32, at + 132, (device & 0xff) | (device >>> 12 & 0xfff00));
  }

  private static void time(MemorySegment to, long at, Timestamp time) {
    to.set(Wire.U64, at, time.seconds());
    to.set(Wire.U32, at + 8, time.nanos());
  }

  private static long blocks(Attributes attributes) {
    return (attributes.allocated() + BLOCK_BYTES - 1) / BLOCK_BYTES;
  }
}
