package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.btree.PageMissing;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;

/** Takes from a program the powers that it must not keep when its bytes or its owner change. */
final class SetId {
  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int GROUP_EXECUTES = 00010;
  private static final ByteString CAPABILITY = ByteString.of("security.capability");

  private SetId() {}

  /** Clears set-user-id, set-group-id and capabilities of a regular file. */
  static Inode clear(Edit edit, Ino ino, Inode inode) throws PageMissing, FsException {
    if (inode.type() != FileType.REGULAR) {
      return inode;
    }
    if (edit.tree().xattr(ino, CAPABILITY) != null) {
      edit.add(new Mutation.XattrDelete(ino, CAPABILITY));
    }
    int cleared = SET_USER_ID;
    // Without the right to execute, set-group-id means mandatory locking and is no power.
    if ((inode.mode() & GROUP_EXECUTES) != 0) {
      cleared |= SET_GROUP_ID;
    }
    return inode.withPermissions(inode.mode() & ~cleared);
  }
}
