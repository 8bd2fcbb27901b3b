package io.strata.fuse.linux;

import java.lang.foreign.Arena;

/** mount(2), umount2(2) and what one asks about mount points. */
public final class Mounts {
  /** Flags of mount(2). */
  public static final long READ_ONLY = 1;

  public static final long NO_SUID = 1 << 1;
  public static final long NO_DEV = 1 << 2;
  public static final long NO_EXEC = 1 << 3;
  public static final long SYNCHRONOUS = 1 << 4;
  public static final long DIRECTORIES_SYNCHRONOUS = 1 << 7;
  public static final long NO_ATIME = 1 << 10;
  public static final long NO_DIRECTORY_ATIME = 1 << 11;
  public static final long RELATIVE_ATIME = 1 << 21;
  public static final long STRICT_ATIME = 1 << 24;
  public static final long LAZY_TIME = 1 << 25;

  /** Flags of umount2(2). */
  public static final int FORCE = 1;

  public static final int DETACH = 2;
  public static final int NO_FOLLOW = 8;

  private static final int O_DIRECTORY = 0200000;

  private Mounts() {}

  /** Mounts; {@code options} are the filesystem's own. */
  public static void mount(String source, String target, String type, long flags, String options)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int result =
          Libc.mount(
              errno,
              arena.allocateFrom(source),
              arena.allocateFrom(target),
              arena.allocateFrom(type),
              flags,
              arena.allocateFrom(options));
      if (result < 0) {
        throw new SystemCallException("mount " + target, errno.errno());
      }
    }
  }

  /** Unmounts. */
  public static void unmount(String target, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      if (Libc.umount2(errno, arena.allocateFrom(target), flags) < 0) {
        throw new SystemCallException("umount " + target, errno.errno());
      }
    }
  }

  /**
   * 0 if a directory can be opened, else the positive errno: {@link Errors#ENOTCONN} on a dead
   * mount. To look at its attributes would not do: the kernel may know them from before.
   */
  public static int probe(String directory) {
    try {
      Descriptor.open(directory, O_DIRECTORY).close();
      return 0;
    } catch (SystemCallException e) {
      return e.errno();
    }
  }

  /** Opens a directory and closes it again, with no other effect. */
  public static void openAndClose(String directory) throws SystemCallException {
    Descriptor.open(directory, O_DIRECTORY).close();
  }

  /** Writes what the kernel holds back of the filesystem that has this directory (syncfs(2)). */
  public static void sync(String directory) throws SystemCallException {
    try (Arena arena = Arena.ofConfined();
        Descriptor opened = Descriptor.open(directory, O_DIRECTORY)) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      if (Libc.syncfs(errno, opened.number()) < 0) {
        throw new SystemCallException("syncfs " + directory, errno.errno());
      }
    }
  }

  /** The user that this process acts as. */
  public static int effectiveUid() {
    return Libc.geteuid();
  }

  /** The group that this process acts as. */
  public static int effectiveGid() {
    return Libc.getegid();
  }
}
