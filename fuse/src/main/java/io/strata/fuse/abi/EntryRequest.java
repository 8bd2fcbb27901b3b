package io.strata.fuse.abi;

import io.strata.fs.schema.FileName;

/** Requests about names in a directory, which is the header's node. */
public sealed interface EntryRequest extends Request {
  /** LOOKUP of a name. */
  record Lookup(FileName name) implements EntryRequest {}

  /** LOOKUP of {@code .}: finds a node by its number, for file handles of NFS. */
  record LookupSelf() implements EntryRequest {}

  /** LOOKUP of {@code ..}. */
  record LookupParent() implements EntryRequest {}

  /** MKNOD. */
  record MakeNode(FileName name, int mode, int device, int umask) implements EntryRequest {}

  /** MKDIR. */
  record MakeDirectory(FileName name, int mode, int umask) implements EntryRequest {}

  /** SYMLINK; {@code target} is 1 to 4095 bytes where the kernel checked it. */
  @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
  record Symlink(FileName name, byte[] target) implements EntryRequest {}

  /** LINK: another name for node {@code target}. */
  record Link(long target, FileName name) implements EntryRequest {}

  /** UNLINK. */
  record Unlink(FileName name) implements EntryRequest {}

  /** RMDIR. */
  record RemoveDirectory(FileName name) implements EntryRequest {}

  /** RENAME and RENAME2; {@code flags} as renameat2(2). */
  record Rename(FileName name, long newParent, FileName newName, int flags)
      implements EntryRequest {}

  /** CREATE; {@code flags} as open(2). */
  record Create(FileName name, int flags, int mode, int umask) implements EntryRequest {}

  /** TMPFILE: a file without a name. */
  record CreateUnnamed(int flags, int mode, int umask) implements EntryRequest {}
}
