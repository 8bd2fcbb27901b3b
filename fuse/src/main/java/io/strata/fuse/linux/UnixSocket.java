package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Stream sockets of the Unix domain as descriptors (unix(7)), for those who pass descriptors over
 * them, which Java's own channels cannot. None is inherited by children.
 */
public final class UnixSocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ACCEPTCONN = 30;

  /** sun_path in struct sockaddr_un, with the zero at its end. */
  private static final int PATH_BYTES_MAX = 108;

  private UnixSocket() {}

  /** A socket that has a path and does not listen yet: who connects is refused. */
  public static Descriptor bound(String path) throws SystemCallException {
    return addressed("bind " + path, path, LibcSockets::bind);
  }

  /** A socket that is connected with the one that listens on {@code path}. */
  public static Descriptor connected(String path) throws SystemCallException {
    return addressed("connect " + path, path, LibcSockets::connect);
  }

  /**
   * Checks a path.
   *
   * @throws SystemCallException ENAMETOOLONG if no socket can have it
   */
  public static void checkPath(String path) throws SystemCallException {
    bytes(path);
  }

  private static byte[] bytes(String path) throws SystemCallException {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= PATH_BYTES_MAX) {
      throw new SystemCallException(
          "socket %s, which has more than %d bytes".formatted(path, PATH_BYTES_MAX - 1),
          Errors.ENAMETOOLONG);
    }
    return bytes;
  }

  private interface Call {
    int apply(ErrnoSlot errno, int socket, MemorySegment address);
  }

  private static Descriptor addressed(String what, String path, Call call)
      throws SystemCallException {
    byte[] name = bytes(path);
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment address = arena.allocate(Short.BYTES + PATH_BYTES_MAX, 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
      int number = LibcSockets.socket(errno, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (number < 0) {
        throw new SystemCallException("socket", errno.errno());
      }
      Descriptor socket = new Descriptor(number);
      if (call.apply(errno, number, address) < 0) {
        socket.close();
        throw new SystemCallException(what, errno.errno());
      }
      return socket;
    }
  }

  /** Lets others connect. */
  public static void listen(Descriptor socket, int backlog) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      if (LibcSockets.listen(errno, socket.number(), backlog) < 0) {
        throw new SystemCallException("listen", errno.errno());
      }
    }
  }

  /** The next connection; null if there is none on a socket that does not block. */
  public static @Nullable Descriptor accept(Descriptor listening) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      int number;
      do {
        number = LibcSockets.accept4(errno, listening.number(), SOCK_CLOEXEC);
      } while (number < 0 && errno.errno() == Errors.EINTR);
      if (number >= 0) {
        return new Descriptor(number);
      }
      if (errno.errno() == Errors.EAGAIN || errno.errno() == Errors.ECONNABORTED) {
        return null;
      }
      throw new SystemCallException("accept", errno.errno());
    }
  }

  /**
   * Whether a socket listens, rather than being connected.
   *
   * @throws SystemCallException if the descriptor is not open, or no socket
   */
  public static boolean listens(Descriptor socket) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
      int result =
          LibcSockets.getsockopt(errno, socket.number(), SOL_SOCKET, SO_ACCEPTCONN, value, length);
      if (result < 0) {
        throw new SystemCallException("descriptor " + socket.number(), errno.errno());
      }
      return value.get(ValueLayout.JAVA_INT, 0) != 0;
    }
  }
}
