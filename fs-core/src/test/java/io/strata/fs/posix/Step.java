package io.strata.fs.posix;

/**
 * One operation of a random sequence. The numbers mean what the kind makes of them: which of the
 * inodes, handles or names known so far, which offset, which mode.
 */
record Step(Kind kind, int a, int b, int c, int d) {
  enum Kind {
    LOOKUP,
    ATTRIBUTES,
    PARENT,
    CHMOD,
    CHOWN,
    TOUCH,
    TRUNCATE,
    CLEAR_SET_ID,
    READ_LINK,
    MAKE_DIRECTORY,
    MAKE_NODE,
    SYMLINK,
    LINK,
    UNLINK,
    REMOVE_DIRECTORY,
    RENAME,
    EXCHANGE,
    RENAME_NEW,
    OPEN,
    CREATE,
    CREATE_UNNAMED,
    READ,
    WRITE,
    APPEND,
    ALLOCATE,
    SEEK,
    COPY,
    SYNC,
    RELEASE,
    OPEN_DIRECTORY,
    READ_DIRECTORY,
    RELEASE_DIRECTORY,
    GET_XATTR,
    LIST_XATTRS,
    SET_XATTR,
    REMOVE_XATTR,
    SPACE_USE
  }
}
