package io.strata.fs.posix;

import io.strata.fs.Attributes;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.util.Arrays;
import java.util.BitSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file as plainly as can be: all its bytes, and for each whether it was ever written. */
final class ModelInode {
  final Ino ino;
  int mode;
  int links;
  int uid;
  int gid;
  int device;
  int handles;
  Timestamp accessed;
  Timestamp modified;
  Timestamp changed;
  final Timestamp born;
  byte[] bytes = new byte[0];
  final BitSet written = new BitSet();
  byte[] target = new byte[0];
  @Nullable ModelInode parent;
  final TreeMap<FileName, ModelInode> entries = new TreeMap<>();
  final TreeMap<ByteString, byte[]> xattrs = new TreeMap<>();

  ModelInode(Ino ino, int mode, Timestamp now) {
    this.ino = ino;
    this.mode = mode;
    accessed = now;
    modified = now;
    changed = now;
    born = now;
  }

  FileType type() {
    return FileType.ofMode(mode);
  }

  boolean isDirectory() {
    return type() == FileType.DIRECTORY;
  }

  long size() {
    return switch (type()) {
      case DIRECTORY -> entries.size();
      case SYMLINK -> target.length;
      case REGULAR -> bytes.length;
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> 0;
    };
  }

  void resize(int size) {
    bytes = Arrays.copyOf(bytes, size);
    written.clear(size, Math.max(size, written.length()));
  }

  void grow(int size) {
    if (size > bytes.length) {
      resize(size);
    }
  }

  void modifiedAt(Timestamp now) {
    modified = now;
    changed = now;
  }

  Attributes attributes() {
    return new Attributes(
        ino, mode, links, uid, gid, device, size(), written.cardinality(), accessed, modified,
        changed, born);
  }
}
