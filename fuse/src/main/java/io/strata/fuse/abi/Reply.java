package io.strata.fuse.abi;

import io.strata.fs.Attributes;
import io.strata.fs.SpaceUse;
import io.strata.fs.locks.LockConflict;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with, unless it failed.
 *
 * <p>Each record encodes its body, which follows the {@link ReplyHeader}.
 */
public sealed interface Reply {
  /** Writes the body at the start of {@code body} and returns its length in bytes. */
  int encode(MemorySegment body);

  /** The number that it is made of, if it is made of one; else 0. */
  default long result() {
    return 0;
  }

  /** Done; there is nothing to tell. */
  record Done() implements Reply {
    public static final Done DONE = new Done();

    @Override
    public int encode(MemorySegment body) {
      return 0;
    }
  }

  /** The body is in place already. */
  record InPlace(int length) implements Reply {
    @Override
    public int encode(MemorySegment body) {
      return length;
    }
  }

  /** Raw bytes. */
  @SuppressWarnings("ArrayRecordComponent") // encoded once, never compared
  record Bytes(byte[] bytes) implements Reply {
    @Override
    public int encode(MemorySegment body) {
      MemorySegment.copy(bytes, 0, body, Wire.U8, 0, bytes.length);
      return bytes.length;
    }
  }

  /** A name and what it names, which the kernel is to call {@code node} (fuse_entry_out). */
  record Entry(long node, Attributes attributes, Lifetimes lifetimes) implements Reply {
    public static final int BYTES = 128;

    @Override
    public int encode(MemorySegment body) {
      AttributesCodec.entry(body, 0, node, attributes, lifetimes);
      return BYTES;
    }
  }

  /** The name does not exist, and the kernel may remember that (fuse_entry_out of node 0). */
  record NoEntry(Duration lifetime) implements Reply {
    @Override
    public int encode(MemorySegment body) {
      body.asSlice(0, Entry.BYTES).fill((byte) 0);
      body.set(Wire.U64, 16, lifetime.toSeconds());
      body.set(Wire.U32, 32, lifetime.toNanosPart());
      return Entry.BYTES;
    }
  }

  /** Attributes (fuse_attr_out). */
  record NodeAttributes(Attributes attributes, Lifetimes lifetimes) implements Reply {
    public static final int BYTES = 104;

    @Override
    public int encode(MemorySegment body) {
      lifetime(body, lifetimes.of(attributes));
      body.set(Wire.U32, 12, 0);
      AttributesCodec.attributes(body, 16, attributes);
      return BYTES;
    }
  }

  /** Attributes with time of birth (fuse_statx_out). */
  record Statx(Attributes attributes, Lifetimes lifetimes) implements Reply {
    public static final int BYTES = 288;

    @Override
    public int encode(MemorySegment body) {
      body.asSlice(0, BYTES).fill((byte) 0);
      lifetime(body, lifetimes.of(attributes));
      AttributesCodec.statx(body, 32, attributes);
      return BYTES;
    }
  }

  /** An open file or directory (fuse_open_out); {@code flags} are {@code Flags.OPENED_*}. */
  record Opened(long handle, int flags) implements Reply {
    public static final int BYTES = 16;

    @Override
    public int encode(MemorySegment body) {
      body.set(Wire.U64, 0, handle);
      body.set(Wire.U32, 8, flags);
      body.set(Wire.U32, 12, 0);
      return BYTES;
    }
  }

  /** A new file, opened (fuse_entry_out, fuse_open_out). */
  record Created(Entry entry, Opened opened) implements Reply {
    @Override
    public int encode(MemorySegment body) {
      return entry.encode(body) + opened.encode(body.asSlice(Entry.BYTES));
    }
  }

  /** What is in the way of a lock (fuse_lk_out); null: nothing. */
  record Lock(@Nullable LockConflict conflict) implements Reply {
    public static final int BYTES = 24;

    @Override
    public int encode(MemorySegment body) {
      body.asSlice(0, BYTES).fill((byte) 0);
      if (conflict == null) {
        body.set(Wire.U32, 16, LockTypes.UNLOCKED);
      } else {
        body.set(Wire.U64, 0, conflict.range().first());
        body.set(Wire.U64, 8, conflict.range().last());
        body.set(Wire.U32, 16, LockTypes.type(conflict.mode()));
        body.set(Wire.U32, 20, conflict.pid());
      }
      return BYTES;
    }
  }

  /** How much was written or copied (fuse_write_out). */
  record Written(int bytes) implements Reply {
    @Override
    public long result() {
      return bytes;
    }

    @Override
    public int encode(MemorySegment body) {
      return padded(body, bytes);
    }
  }

  /** How much was copied (fuse_copy_file_range_out), or where data is (fuse_lseek_out). */
  record Count(long value) implements Reply {
    @Override
    public long result() {
      return value;
    }

    @Override
    public int encode(MemorySegment body) {
      body.set(Wire.U64, 0, value);
      return 8;
    }
  }

  /** How long an extended attribute, or the list of them, is (fuse_getxattr_out). */
  record XattrSize(int bytes) implements Reply {
    @Override
    public int encode(MemorySegment body) {
      return padded(body, bytes);
    }
  }

  /** How full the volume is (fuse_statfs_out). */
  record Space(SpaceUse use) implements Reply {
    public static final int BYTES = 80;

    /** Unit of the counts on the wire. */
    private static final long BLOCK_BYTES = 4096;

    /** There is no limit on inodes but the counter in their numbers. */
    private static final long INODES_MAX = 1L << 40;

    private static final int NAME_BYTES_MAX = 255;

    @Override
    public int encode(MemorySegment body) {
      long blocks = use.capacityBytes() / BLOCK_BYTES;
      long used = (use.usedBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES;
      long free = Math.max(0, blocks - used);
      long inodes = Math.max(INODES_MAX, use.inodes());
      body.asSlice(0, BYTES).fill((byte) 0);
      body.set(Wire.U64, 0, blocks);
      body.set(Wire.U64, 8, free);
      body.set(Wire.U64, 16, free);
      body.set(Wire.U64, 24, inodes);
      body.set(Wire.U64, 32, inodes - use.inodes());
      body.set(Wire.U32, 40, (int) BLOCK_BYTES);
      body.set(Wire.U32, 44, NAME_BYTES_MAX);
      body.set(Wire.U32, 48, (int) BLOCK_BYTES);
      return BYTES;
    }
  }

  /**
   * What was negotiated (fuse_init_out).
   *
   * @param maxReadahead bytes
   * @param flags both words
   * @param maxBackground requests that the kernel sends at a time without a thread for each
   * @param maxWrite bytes of a WRITE
   * @param maxPages pages of a request
   */
  record Initialized(
      int minor, int maxReadahead, long flags, int maxBackground, int maxWrite, int maxPages)
      implements Reply {
    public static final int BYTES = 64;

    /** The only major version. */
    public static final int MAJOR = 7;

    @Override
    public int encode(MemorySegment body) {
      body.asSlice(0, BYTES).fill((byte) 0);
      body.set(Wire.U32, 0, MAJOR);
      body.set(Wire.U32, 4, minor);
      body.set(Wire.U32, 8, maxReadahead);
      body.set(Wire.U32, 12, (int) flags);
      body.set(Wire.U16, 16, (short) maxBackground);
      // What nobody waits for yet, reading ahead and writing back, leaves most places to what is.
      body.set(Wire.U16, 18, (short) Math.max(1, maxBackground / 4));
      body.set(Wire.U32, 20, maxWrite);
      body.set(Wire.U32, 24, 1); // granularity of times: a nanosecond
      body.set(Wire.U16, 28, (short) maxPages);
      body.set(Wire.U32, 32, (int) (flags >>> 32));
      return BYTES;
    }
  }

  private static void lifetime(MemorySegment body, Duration lifetime) {
    body.set(Wire.U64, 0, lifetime.toSeconds());
    body.set(Wire.U32, 8, lifetime.toNanosPart());
  }

  private static int padded(MemorySegment body, int value) {
    body.set(Wire.U32, 0, value);
    body.set(Wire.U32, 4, 0);
    return 8;
  }
}
