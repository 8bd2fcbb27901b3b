package io.strata.fuse.abi;

import io.strata.fs.schema.FileName;
import java.lang.foreign.MemorySegment;

/** What the kernel is told unasked. */
public sealed interface Notification {
  /** Length of the whole message in bytes. */
  int length();

  /** Writes the whole message, header included, at the start of {@code message}. */
  void encode(MemorySegment message);

  /** Whether the kernel may wait for other requests, or for locks, before it has obeyed. */
  boolean mayBlock();

  /**
   * INVAL_INODE: forget attributes, and cached bytes; dirty ones are written first.
   *
   * @param node what the kernel calls it ({@link NodeIds})
   * @param offset first byte to forget; negative: none, only attributes
   * @param bytes how many; 0: to the end
   */
  record InvalidateInode(long node, long offset, long bytes) implements Notification {
    private static final int CODE = 2;

    /** Forget attributes only. */
    public static InvalidateInode attributes(long node) {
      return new InvalidateInode(node, -1, 0);
    }

    /** Forget everything. */
    public static InvalidateInode all(long node) {
      return new InvalidateInode(node, 0, 0);
    }

    @Override
    public boolean mayBlock() {
      return offset >= 0;
    }

    @Override
    public int length() {
      return ReplyHeader.BYTES + 24;
    }

    @Override
    public void encode(MemorySegment message) {
      new ReplyHeader(length(), CODE, 0).encode(message);
      message.set(Wire.U64, 16, node);
      message.set(Wire.U64, 24, offset);
      message.set(Wire.U64, 32, bytes);
    }
  }

  /** INC_EPOCH: look all names up anew before they are used again (7.44, Linux 6.16). */
  record NextEpoch() implements Notification {
    /** The first minor version of the protocol that has it. */
    public static final int MINOR = 44;

    private static final int CODE = 8;

    @Override
    public boolean mayBlock() {
      return false;
    }

    @Override
    public int length() {
      return ReplyHeader.BYTES;
    }

    @Override
    public void encode(MemorySegment message) {
      new ReplyHeader(length(), CODE, 0).encode(message);
    }
  }

  /** INVAL_ENTRY: forget what a name in node {@code parent} means, or that it does not exist. */
  record InvalidateEntry(long parent, FileName name) implements Notification {
    private static final int CODE = 3;

    @Override
    public boolean mayBlock() {
      return true;
    }

    @Override
    public int length() {
      return ReplyHeader.BYTES + 16 + name.length() + 1;
    }

    @Override
    public void encode(MemorySegment message) {
      new ReplyHeader(length(), CODE, 0).encode(message);
      message.set(Wire.U64, 16, parent);
      message.set(Wire.U32, 24, name.length());
      message.set(Wire.U32, 28, 0);
      byte[] bytes = name.toBytes();
      MemorySegment.copy(bytes, 0, message, Wire.U8, 32, bytes.length);
      message.set(Wire.U8, 32 + bytes.length, (byte) 0);
    }
  }
}
