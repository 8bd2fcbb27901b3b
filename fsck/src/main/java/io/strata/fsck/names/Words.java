package io.strata.fsck.names;

import io.strata.fs.schema.FileType;

/** Types of files in words, for messages. */
final class Words {
  private Words() {}

  static String of(FileType type) {
    return switch (type) {
      case FIFO -> "a fifo";
      case CHARACTER_DEVICE -> "a character device";
      case DIRECTORY -> "a directory";
      case BLOCK_DEVICE -> "a block device";
      case REGULAR -> "a file";
      case SYMLINK -> "a symbolic link";
      case SOCKET -> "a socket";
    };
  }
}
