package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.fs.Metadata;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.schema.Xattrs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads metadata as the records that they are. As short-lived and confined as what it reads. */
final class Tree {
  /** Deeper directories than this are taken for a loop in a damaged volume. */
  private static final int DEPTH_MAX = 1_000_000;

  private final Metadata metadata;

  Tree(Metadata metadata) {
    this.metadata = metadata;
  }

  /** A decoder of something in the tree. */
  @FunctionalInterface
  private interface Decoder<T> {
    T decode(byte[] value) throws MalformedRecord;
  }

  /** An inode, or null. */
  @Nullable Inode find(Ino ino) throws PageMissing, FsException {
    byte[] value = metadata.get(TreeKeys.inode(ino));
    return value == null ? null : decoded(value, Inode::decode);
  }

  /** An inode; ESTALE if there is none. */
  Inode inode(Ino ino) throws PageMissing, FsException {
    Inode inode = find(ino);
    if (inode == null) {
      throw new FsException(Errno.ESTALE, "no inode " + ino);
    }
    return inode;
  }

  /** A directory that has a name; ENOTDIR if it is something else, ENOENT if it was removed. */
  Inode directory(Ino ino) throws PageMissing, FsException {
    Inode inode = inode(ino);
    if (inode.type() != FileType.DIRECTORY) {
      throw new FsException(Errno.ENOTDIR, "inode " + ino + " is no directory");
    }
    if (inode.links() == 0) {
      throw new FsException(Errno.ENOENT, "directory " + ino + " was removed");
    }
    return inode;
  }

  /** A regular file; EISDIR if it is a directory, else EINVAL. */
  Inode file(Ino ino) throws PageMissing, FsException {
    Inode inode = inode(ino);
    if (inode.type() != FileType.REGULAR) {
      throw new FsException(
          inode.type() == FileType.DIRECTORY ? Errno.EISDIR : Errno.EINVAL,
          "inode " + ino + " is no regular file");
    }
    return inode;
  }

  /** An entry of a directory, or null. */
  @Nullable Dentry find(Ino parent, FileName name) throws PageMissing, FsException {
    byte[] value = metadata.get(TreeKeys.dentry(parent, name));
    return value == null ? null : decoded(value, Dentry::decode);
  }

  /** An entry of a directory; ENOENT if there is none, or what is wrong with the directory. */
  Dentry entry(Ino parent, FileName name) throws PageMissing, FsException {
    Dentry entry = find(parent, name);
    if (entry == null) {
      directory(parent);
      throw new FsException(Errno.ENOENT, "no entry " + name + " in directory " + parent);
    }
    return entry;
  }

  /** The inode that an entry names. */
  Inode child(Dentry entry) throws PageMissing, FsException {
    Inode inode = find(entry.child());
    if (inode == null) {
      throw new FsException(Errno.EIO, "an entry names inode " + entry.child() + ", which is lost");
    }
    return inode;
  }

  /** Entries of a directory after a name (null: from the first), in order. */
  List<Mutation.DentryPut> entriesAfter(Ino parent, @Nullable FileName after, int entriesMax)
      throws PageMissing, FsException {
    return records(
        after == null ? TreeKeys.dentries(parent) : TreeKeys.dentriesAfter(parent, after),
        entriesMax,
        Mutation.DentryPut.class);
  }

  boolean isEmpty(Ino directory) throws PageMissing {
    return entries(TreeKeys.dentries(directory), 1).isEmpty();
  }

  /** Whether a directory is {@code ancestor} or somewhere below it. */
  boolean isWithin(Ino directory, Ino ancestor) throws PageMissing, FsException {
    Ino at = directory;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      if (at.equals(ancestor)) {
        return true;
      }
      Ino parent = inode(at).parent();
      if (at.equals(Ino.ROOT) || parent == null) {
        return false;
      }
      at = parent;
    }
    throw new FsException(Errno.EIO, "directory " + directory + " is in a loop of directories");
  }

  @Nullable ByteString xattr(Ino ino, ByteString name) throws PageMissing, FsException {
    byte[] value = metadata.get(TreeKeys.xattr(ino, name));
    return value == null ? null : decoded(value, Xattrs::decodeValue);
  }

  /** Names of an inode's extended attributes, in order. */
  List<ByteString> xattrNames(Ino ino, int countMax) throws PageMissing, FsException {
    List<byte[]> keys = new ArrayList<>();
    TreeKeys.Range range = TreeKeys.xattrs(ino);
    metadata.scan(
        range.from(),
        range.toExclusive(),
        (key, value) -> {
          keys.add(key);
          return keys.size() < countMax;
        });
    List<ByteString> names = new ArrayList<>();
    for (byte[] key : keys) {
      if (decoded(key, TreeKeys::decode) instanceof TreeKey.OfXattr(var owner, ByteString name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Extents that begin at {@code from} or later and before {@code to}, in order. */
  List<Extent> extentsFrom(Ino ino, long from, long to, int countMax)
      throws PageMissing, FsException {
    TreeKeys.Range range = new TreeKeys.Range(TreeKeys.extent(ino, from), TreeKeys.extent(ino, to));
    List<Extent> extents = new ArrayList<>();
    for (Mutation.ExtentPut put : records(range, countMax, Mutation.ExtentPut.class)) {
      extents.add(put.extent());
    }
    return extents;
  }

  /** The last extent that begins before {@code offset}, or null. */
  @Nullable Extent extentBefore(Ino ino, long offset) throws PageMissing, FsException {
    if (offset == 0) {
      return null;
    }
    Entry entry = metadata.floor(TreeKeys.extent(ino, offset - 1));
    if (entry == null
        || !(decodedEntry(entry) instanceof Mutation.ExtentPut(Ino owner, Extent extent))
        || !owner.equals(ino)) {
      return null;
    }
    return extent;
  }

  /** Extents that have bytes from {@code from} up to {@code to}, whole ones, in order. */
  List<Extent> extentsOver(Ino ino, long from, long to, int countMax)
      throws PageMissing, FsException {
    List<Extent> extents = new ArrayList<>();
    if (from >= to) {
      return extents;
    }
    Extent before = extentBefore(ino, from);
    if (before != null && before.end() > from) {
      extents.add(before);
    }
    extents.addAll(extentsFrom(ino, from, to, countMax - extents.size()));
    return extents;
  }

  /** Inodes that wait to be removed and whose numbers are greater than {@code after}. */
  List<Ino> orphansAfter(long after, int countMax) throws PageMissing, FsException {
    TreeKeys.Range range =
        new TreeKeys.Range(TreeKeys.orphan(new Ino(after + 1)), TreeKeys.orphans().toExclusive());
    List<Ino> orphans = new ArrayList<>();
    for (Mutation.OrphanPut put : records(range, countMax, Mutation.OrphanPut.class)) {
      orphans.add(put.ino());
    }
    return orphans;
  }

  /** Refuses to let files occupy more bytes than the volume may hold. */
  void requireSpace(long moreBytes) throws FsException {
    SpaceUse use = metadata.spaceUse();
    if (moreBytes > 0 && moreBytes > use.capacityBytes() - use.usedBytes()) {
      throw new FsException(
          Errno.ENOSPC,
          "%d bytes more than the volume's %d".formatted(moreBytes, use.capacityBytes()));
    }
  }

  private <T extends Mutation.Put> List<T> records(
      TreeKeys.Range range, int countMax, Class<T> kind) throws PageMissing, FsException {
    List<T> records = new ArrayList<>();
    for (Entry entry : entries(range, countMax)) {
      records.add(kind.cast(decodedEntry(entry)));
    }
    return records;
  }

  private List<Entry> entries(TreeKeys.Range range, int countMax) throws PageMissing {
    List<Entry> entries = new ArrayList<>();
    if (countMax > 0) {
      metadata.scan(
          range.from(),
          range.toExclusive(),
          (key, value) -> {
            entries.add(new Entry(key, value));
            return entries.size() < countMax;
          });
    }
    return entries;
  }

  private static Mutation.Put decodedEntry(Entry entry) throws FsException {
    try {
      return Mutation.ofEntry(entry.key(), entry.value());
    } catch (MalformedRecord e) {
      throw damaged(e);
    }
  }

  private static <T> T decoded(byte[] value, Decoder<T> decoder) throws FsException {
    try {
      return decoder.decode(value);
    } catch (MalformedRecord e) {
      throw damaged(e);
    }
  }

  private static FsException damaged(MalformedRecord e) {
    return new FsException(Errno.EIO, "the volume's tree is damaged: " + e.getMessage(), e);
  }
}
