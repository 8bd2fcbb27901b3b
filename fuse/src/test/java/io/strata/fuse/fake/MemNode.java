package io.strata.fuse.fake;

import io.strata.fs.Attributes;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** An inode in memory. Guarded by the filesystem. */
final class MemNode {
  /** Cookies 1 and 2 are those of {@code .} and {@code ..}. */
  private static final long FIRST_COOKIE = 3;

  final Ino ino;
  final int device;
  final Timestamp born;
  int mode;
  int uid;
  int gid;
  int links;
  int openHandles;
  Timestamp accessed;
  Timestamp modified;
  Timestamp changed;

  /** Of a regular file. */
  final SparseBytes bytes = new SparseBytes();

  /** Of a symbolic link. */
  byte[] target = new byte[0];

  /** Of a directory: its names, in the order in which they came. */
  final NavigableMap<Long, FileName> byCookie = new TreeMap<>();

  private final Map<FileName, Long> cookies = new HashMap<>();
  private final Map<FileName, MemNode> children = new HashMap<>();
  MemNode parent = this;
  private long nextCookie = FIRST_COOKIE;

  /** Extended attributes by name, as ISO-8859-1. */
  final NavigableMap<String, byte[]> xattrs = new TreeMap<>();

  MemNode(Ino ino, int mode, int device, int uid, int gid, Timestamp now) {
    this.ino = ino;
    this.mode = mode;
    this.device = device;
    this.uid = uid;
    this.gid = gid;
    this.accessed = now;
    this.modified = now;
    this.changed = now;
    this.born = now;
    this.links = type() == FileType.DIRECTORY ? 2 : 1;
  }

  FileType type() {
    return FileType.ofMode(mode);
  }

  boolean isDirectory() {
    return type() == FileType.DIRECTORY;
  }

  @org.jspecify.annotations.Nullable
  MemNode child(FileName name) {
    return children.get(name);
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  void put(FileName name, MemNode child, Timestamp now) {
    remove(name, now);
    children.put(name, child);
    cookies.put(name, nextCookie);
    byCookie.put(nextCookie++, name);
    if (child.isDirectory()) {
      child.parent = this;
      links++;
    }
  }

  void remove(FileName name, Timestamp now) {
    MemNode child = children.remove(name);
    Long cookie = cookies.remove(name);
    if (child != null && cookie != null) {
      byCookie.remove(cookie);
      if (child.isDirectory()) {
        links--;
      }
    }
    modified = now;
    changed = now;
  }

  static String xattrName(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  Attributes attributes() {
    long size =
        switch (type()) {
          case REGULAR -> bytes.size();
          case SYMLINK -> target.length;
          case DIRECTORY -> children.size();
          case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET -> 0;
        };
    return new Attributes(
        ino,
        mode,
        links,
        uid,
        gid,
        device,
        size,
        bytes.allocated(),
        accessed,
        modified,
        changed,
        born);
  }
}
