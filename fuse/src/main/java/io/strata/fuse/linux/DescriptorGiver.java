package io.strata.fuse.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program that passes back a descriptor over a socket which it inherits, as {@code
 * fusermount3} does. Java's own processes inherit no sockets.
 */
public final class DescriptorGiver {
  /** The number that the socket has in the child. */
  private static final int CHILD_SOCKET = 3;

  private static final int STDERR = 2;

  /** More than posix_spawn_file_actions_t has in any C library (80 in glibc). */
  private static final int FILE_ACTIONS_BYTES = 256;

  private DescriptorGiver() {}

  /**
   * What came of it.
   *
   * @param descriptor what was passed; null if nothing was
   * @param exitStatus of the program; negative if a signal ended it
   * @param errors what it wrote to its standard error
   */
  public record Outcome(@Nullable Descriptor descriptor, int exitStatus, String errors) {}

  /**
   * Runs {@code command}, searched in PATH, with the socket's number in the environment variable
   * {@code socketVariable}, and waits for its end.
   */
  public static Outcome run(List<String> command, String socketVariable)
      throws SystemCallException {
    try (DescriptorPair sockets = DescriptorPair.sockets();
        DescriptorPair errors = DescriptorPair.pipe()) {
      int pid = spawn(command, socketVariable, sockets.second(), errors.second());
      sockets.second().close();
      errors.second().close();
      Descriptor passed = passedOver(sockets.first());
      String said = new String(errors.first().readFully(), StandardCharsets.UTF_8).strip();
      return new Outcome(passed, await(pid), said);
    }
  }

  /** Waits for one; null if the other side closes the socket without passing any. */
  private static @Nullable Descriptor passedOver(Descriptor socket) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      List<Descriptor> passed = SocketMessage.receive(socket, arena.allocate(1), 1).descriptors();
      return passed.isEmpty() ? null : passed.getFirst();
    }
  }

  private static int spawn(
      List<String> command, String socketVariable, Descriptor socket, Descriptor errors)
      throws SystemCallException {
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    environment.add(socketVariable + "=" + CHILD_SOCKET);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, 16);
      check(Libc.fileActionsInit(actions), "posix_spawn_file_actions_init");
      try {
        check(Libc.fileActionsAddDup2(actions, errors.number(), STDERR), "dup2 of the pipe");
        check(
            Libc.fileActionsAddDup2(actions, socket.number(), CHILD_SOCKET), "dup2 of the socket");
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment program = arena.allocateFrom(command.getFirst());
        check(
            Libc.posixSpawnp(
                pid,
                program,
                actions,
                MemorySegment.NULL,
                strings(arena, command),
                strings(arena, environment)),
            "run " + command.getFirst());
        return pid.get(ValueLayout.JAVA_INT, 0);
      } finally {
        Libc.fileActionsDestroy(actions);
      }
    }
  }

  private static void check(int error, String call) throws SystemCallException {
    if (error != 0) {
      throw new SystemCallException(call, error);
    }
  }

  /** A C array of strings with a null at its end. */
  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array;
  }

  private static int await(int pid) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      ErrnoSlot errno = new ErrnoSlot(arena);
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      int result;
      do {
        result = Libc.waitpid(errno, pid, status, 0);
      } while (result < 0 && errno.errno() == Errors.EINTR);
      if (result < 0) {
        throw new SystemCallException("waitpid", errno.errno());
      }
      int value = status.get(ValueLayout.JAVA_INT, 0);
      int signal = value & 0x7f;
      return signal != 0 ? -signal : value >> 8 & 0xff;
    }
  }
}
