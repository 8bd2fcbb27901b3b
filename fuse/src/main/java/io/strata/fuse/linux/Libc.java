package io.strata.fuse.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's functions under their own names. Those that take an {@link ErrnoSlot} leave their
 * errno there when they answer -1; the posix_spawn functions answer an errno themselves.
 */
final class Libc {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  /** Where variadic arguments begin, as the calling convention wants to know it. */
  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO, VARIADIC);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), ERRNO);
  private static final MethodHandle WRITE =
      function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), ERRNO);
  private static final MethodHandle IOCTL =
      function(
          "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), ERRNO, VARIADIC);
  private static final MethodHandle MOUNT =
      function(
          "mount",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS),
          ERRNO);
  private static final MethodHandle UMOUNT2 =
      function("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle SYNCFS =
      function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle GETEUID = function("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETEGID = function("getegid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle PIPE2 =
      function("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle WAITPID =
      function("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle POSIX_SPAWNP =
      function(
          "posix_spawnp",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle FILE_ACTIONS_INIT =
      function("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle FILE_ACTIONS_ADD_DUP2 =
      function(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle FILE_ACTIONS_DESTROY =
      function("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
          ERRNO);
  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG), ERRNO);
  private static final MethodHandle MEMFD_CREATE =
      function("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle FTRUNCATE =
      function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), ERRNO);
  private static final MethodHandle STATX =
      function(
          "statx",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
          ERRNO);
  private static final MethodHandle FCNTL =
      function(
          "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), ERRNO, VARIADIC);
  private static final MethodHandle EVENTFD =
      function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle POLL =
      function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), ERRNO);
  private static final MethodHandle GETPAGESIZE =
      function("getpagesize", FunctionDescriptor.of(JAVA_INT));

  private Libc() {}

  static int open(ErrnoSlot errno, MemorySegment path, int flags) {
    try {
      return (int) OPEN.invokeExact(errno.memory(), path, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int close(ErrnoSlot errno, int descriptor) {
    try {
      return (int) CLOSE.invokeExact(errno.memory(), descriptor);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static long read(ErrnoSlot errno, int descriptor, MemorySegment buffer, long bytes) {
    try {
      return (long) READ.invokeExact(errno.memory(), descriptor, buffer, bytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static long write(ErrnoSlot errno, int descriptor, MemorySegment buffer, long bytes) {
    try {
      return (long) WRITE.invokeExact(errno.memory(), descriptor, buffer, bytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int ioctl(ErrnoSlot errno, int descriptor, long request, MemorySegment argument) {
    try {
      return (int) IOCTL.invokeExact(errno.memory(), descriptor, request, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int mount(
      ErrnoSlot errno,
      MemorySegment source,
      MemorySegment target,
      MemorySegment type,
      long flags,
      MemorySegment options) {
    try {
      return (int) MOUNT.invokeExact(errno.memory(), source, target, type, flags, options);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int umount2(ErrnoSlot errno, MemorySegment target, int flags) {
    try {
      return (int) UMOUNT2.invokeExact(errno.memory(), target, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int syncfs(ErrnoSlot errno, int descriptor) {
    try {
      return (int) SYNCFS.invokeExact(errno.memory(), descriptor);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int geteuid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int getegid() {
    try {
      return (int) GETEGID.invokeExact();
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int pipe2(ErrnoSlot errno, MemorySegment pair, int flags) {
    try {
      return (int) PIPE2.invokeExact(errno.memory(), pair, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int waitpid(ErrnoSlot errno, int pid, MemorySegment status, int options) {
    try {
      return (int) WAITPID.invokeExact(errno.memory(), pid, status, options);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int posixSpawnp(
      MemorySegment pid,
      MemorySegment file,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment arguments,
      MemorySegment environment) {
    try {
      return (int) POSIX_SPAWNP.invokeExact(pid, file, actions, attributes, arguments, environment);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fileActionsInit(MemorySegment actions) {
    try {
      return (int) FILE_ACTIONS_INIT.invokeExact(actions);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fileActionsAddDup2(MemorySegment actions, int from, int to) {
    try {
      return (int) FILE_ACTIONS_ADD_DUP2.invokeExact(actions, from, to);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fileActionsDestroy(MemorySegment actions) {
    try {
      return (int) FILE_ACTIONS_DESTROY.invokeExact(actions);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static MemorySegment mmap(
      ErrnoSlot errno, long length, int protection, int flags, int descriptor, long offset) {
    try {
      return (MemorySegment)
          MMAP.invokeExact(
              errno.memory(), MemorySegment.NULL, length, protection, flags, descriptor, offset);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int munmap(ErrnoSlot errno, MemorySegment address, long length) {
    try {
      return (int) MUNMAP.invokeExact(errno.memory(), address, length);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int memfdCreate(ErrnoSlot errno, MemorySegment name, int flags) {
    try {
      return (int) MEMFD_CREATE.invokeExact(errno.memory(), name, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int ftruncate(ErrnoSlot errno, int descriptor, long length) {
    try {
      return (int) FTRUNCATE.invokeExact(errno.memory(), descriptor, length);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int statx(
      ErrnoSlot errno,
      int descriptor,
      MemorySegment path,
      int flags,
      int mask,
      MemorySegment result) {
    try {
      return (int) STATX.invokeExact(errno.memory(), descriptor, path, flags, mask, result);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int fcntl(ErrnoSlot errno, int descriptor, int command, int argument) {
    try {
      return (int) FCNTL.invokeExact(errno.memory(), descriptor, command, argument);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int eventfd(ErrnoSlot errno, int initial, int flags) {
    try {
      return (int) EVENTFD.invokeExact(errno.memory(), initial, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int poll(ErrnoSlot errno, MemorySegment descriptors, long count, int timeoutMillis) {
    try {
      return (int) POLL.invokeExact(errno.memory(), descriptors, count, timeoutMillis);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int getpagesize() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  @SuppressWarnings("restricted") // the one place of the project that links to C
  static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** A method handle declares any throwable; one to C throws none but for a wrong argument. */
  static RuntimeException impossible(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException("a call to C threw", thrown);
    };
  }
}
