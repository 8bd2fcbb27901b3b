package io.strata.fuse.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The calls of {@link Libc} that make and use sockets: linked only where there are some. */
final class LibcSockets {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  private static final MethodHandle SOCKET =
      Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle SOCKETPAIR =
      Libc.function(
          "socketpair",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
          ERRNO);
  private static final MethodHandle BIND =
      Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle LISTEN =
      Libc.function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle ACCEPT4 =
      Libc.function(
          "accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle CONNECT =
      Libc.function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle GETSOCKOPT =
      Libc.function(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
          ERRNO);
  private static final MethodHandle RECVMSG =
      Libc.function(
          "recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle SENDMSG =
      Libc.function(
          "sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);

  private LibcSockets() {}

  static int socket(ErrnoSlot errno, int domain, int type, int protocol) {
    try {
      return (int) SOCKET.invokeExact(errno.memory(), domain, type, protocol);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int socketpair(ErrnoSlot errno, int domain, int type, int protocol, MemorySegment pair) {
    try {
      return (int) SOCKETPAIR.invokeExact(errno.memory(), domain, type, protocol, pair);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int bind(ErrnoSlot errno, int socket, MemorySegment address) {
    try {
      return (int) BIND.invokeExact(errno.memory(), socket, address, (int) address.byteSize());
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int listen(ErrnoSlot errno, int socket, int backlog) {
    try {
      return (int) LISTEN.invokeExact(errno.memory(), socket, backlog);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int accept4(ErrnoSlot errno, int socket, int flags) {
    try {
      return (int)
          ACCEPT4.invokeExact(
              errno.memory(), socket, MemorySegment.NULL, MemorySegment.NULL, flags);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int connect(ErrnoSlot errno, int socket, MemorySegment address) {
    try {
      return (int) CONNECT.invokeExact(errno.memory(), socket, address, (int) address.byteSize());
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static int getsockopt(
      ErrnoSlot errno, int socket, int level, int name, MemorySegment value, MemorySegment length) {
    try {
      return (int) GETSOCKOPT.invokeExact(errno.memory(), socket, level, name, value, length);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static long recvmsg(ErrnoSlot errno, int socket, MemorySegment message, int flags) {
    try {
      return (long) RECVMSG.invokeExact(errno.memory(), socket, message, flags);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }

  static long sendmsg(ErrnoSlot errno, int socket, MemorySegment message, int flags) {
    try {
      return (long) SENDMSG.invokeExact(errno.memory(), socket, message, flags);
    } catch (Throwable e) {
      throw Libc.impossible(e);
    }
  }
}
