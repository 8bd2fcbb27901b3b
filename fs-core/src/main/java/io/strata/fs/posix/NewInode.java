package io.strata.fs.posix;

import io.strata.fs.NewNode;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;

/** Makes inodes as parts of a group. */
final class NewInode {
  private static final int SET_GROUP_ID = 02000;
  private static final int TYPE_MASK = 0170000;

  private NewInode() {}

  /** Makes an inode under a name that its directory does not have yet. */
  static Inode named(
      Edit edit,
      Caller caller,
      Ino ino,
      Ino parent,
      FileName name,
      NewNode node,
      ByteString target)
      throws PageMissing, FsException {
    Inode inode = of(caller, edit.tree().directory(parent), parent, node, target, edit.now());
    edit.put(ino, inode);
    edit.addEntry(parent, name, new Dentry(ino, inode.type()));
    return inode;
  }

  /** Makes a regular file without a name. */
  static Inode unnamed(Edit edit, Caller caller, Ino ino, Ino parent, NewNode node)
      throws PageMissing, FsException {
    Inode inode =
        of(caller, edit.tree().directory(parent), parent, node, ByteString.EMPTY, edit.now())
            .withLinks(0);
    if (inode.type() != FileType.REGULAR) {
      throw new FsException(Errno.EINVAL, "only a regular file can be without a name");
    }
    edit.put(ino, inode);
    edit.add(new Mutation.OrphanPut(ino));
    return inode;
  }

  private static Inode of(
      Caller caller, Inode directory, Ino parent, NewNode node, ByteString target, Timestamp now)
      throws FsException {
    int mode = node.mode() & (TYPE_MASK | 07777);
    // mknod(2): no type at all means a regular file.
    mode |= (mode & TYPE_MASK) == 0 ? FileType.REGULAR.code() << 12 : 0;
    FileType type = type(mode);
    if (type == FileType.SYMLINK && target.length() == 0) {
      throw new FsException(Errno.EINVAL, "a symbolic link has a target");
    }
    boolean inherits = (directory.mode() & SET_GROUP_ID) != 0;
    if (inherits && type == FileType.DIRECTORY) {
      mode |= SET_GROUP_ID;
    }
    boolean device = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    return new Inode(
        mode,
        type == FileType.DIRECTORY ? 2 : 1,
        caller.uid(),
        inherits ? directory.gid() : caller.gid(),
        device ? node.device() : 0,
        target.length(),
        0,
        now,
        now,
        now,
        now,
        parent,
        target);
  }

  private static FileType type(int mode) throws FsException {
    try {
      return FileType.ofMode(mode);
    } catch (IllegalArgumentException _) {
      // The caller's mistake: nothing went wrong here that a cause would tell.
      throw new FsException(Errno.EINVAL, "no file has mode %o".formatted(mode));
    }
  }
}
