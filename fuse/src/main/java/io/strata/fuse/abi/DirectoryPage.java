package io.strata.fuse.abi;

import io.strata.fs.Attributes;
import io.strata.fs.DirectoryReader;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Takes directory entries into the body of a reply to READDIR (fuse_dirent) or READDIRPLUS
 * (fuse_direntplus) until it is full. Confined to one thread.
 */
public final class DirectoryPage implements DirectoryReader {
  private static final int DIRENT_BYTES = 24;

  private final MemorySegment body;
  private final @Nullable Lifetimes lifetimes;
  private final NodeIds ids;
  private int length;

  private DirectoryPage(MemorySegment body, @Nullable Lifetimes lifetimes, NodeIds ids) {
    this.body = body;
    this.lifetimes = lifetimes;
    this.ids = ids;
  }

  /** A page of names, as large as {@code body}. */
  public static DirectoryPage ofNames(MemorySegment body) {
    return new DirectoryPage(body, null, NodeIds.FIRST);
  }

  /** A page of names with attributes and {@code ids}, as large as {@code body}. */
  public static DirectoryPage ofAttributes(
      MemorySegment body, Lifetimes lifetimes, NodeIds ids) {
    return new DirectoryPage(body, lifetimes, ids);
  }

  @Override
  public boolean entry(
      byte[] name, Ino ino, FileType type, long cookie, @Nullable Attributes attributes) {
    int head = lifetimes == null ? 0 : Reply.Entry.BYTES;
    int unpadded = head + DIRENT_BYTES + name.length;
    int padded = Wire.align(unpadded);
    if (padded > body.byteSize() - length) {
      return false;
    }
    if (lifetimes != null) {
      plus(attributes, lifetimes);
    }
    int at = length + head;
    body.set(Wire.U64, at, ino.value());
    body.set(Wire.U64, at + 8, cookie);
    body.set(Wire.U32, at + 16, name.length);
    body.set(Wire.U32, at + 20, type.code());
    MemorySegment.copy(name, 0, body, Wire.U8, at + DIRENT_BYTES, name.length);
    body.asSlice(length + unpadded, padded - unpadded).fill((byte) 0);
    length += padded;
    return true;
  }

  /** Node 0 tells the kernel that it has learnt no node, as it must be for . and .. */
  private void plus(@Nullable Attributes attributes, Lifetimes lifetimes) {
    if (attributes == null) {
      body.asSlice(length, Reply.Entry.BYTES).fill((byte) 0);
    } else {
      AttributesCodec.entry(body, length, ids.of(attributes.ino()), attributes, lifetimes);
    }
  }

  /** What was taken. */
  public Reply reply() {
    return new Reply.InPlace(length);
  }
}
