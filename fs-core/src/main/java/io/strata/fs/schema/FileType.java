package io.strata.fs.schema;

import org.jspecify.annotations.Nullable;

/** What an inode is; codes as in the file type bits of a mode ({@code S_IFMT >> 12}). */
public enum FileType {
  FIFO(1),
  CHARACTER_DEVICE(2),
  DIRECTORY(4),
  BLOCK_DEVICE(6),
  REGULAR(8),
  SYMLINK(10),
  SOCKET(12);

  private static final @Nullable FileType[] BY_CODE = new FileType[16];

  static {
    for (FileType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  FileType(int code) {
    this.code = code;
  }

  /** The code, 1 to 12: also {@code d_type} of a directory entry. */
  public int code() {
    return code;
  }

  /**
   * The type with a code.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static FileType ofCode(int code) {
    FileType type = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (type == null) {
      throw new IllegalArgumentException("no such file type: " + code);
    }
    return type;
  }

  /** The type in a mode. */
  public static FileType ofMode(int mode) {
    return ofCode(mode >>> 12 & 0xf);
  }
}
