package io.strata.vhost.socket;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import io.strata.fuse.linux.UnixSocket;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where front ends connect: a path, or a socket that this process inherited. To be used by one
 * thread, apart from {@link #close}, after which nobody may accept.
 */
public final class ListeningSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

  /** One front end is served at a time; another one waits. */
  private static final int BACKLOG = 1;

  private static final int S_IFMT = 0170000;
  private static final int S_IFSOCK = 0140000;

  private final String name;
  private final Descriptor socket;

  /** Null if it is not ours to remove. */
  private final @Nullable Path path;

  private final @Nullable Object fileKey;

  /** An inherited socket that is connected already is its own only connection. */
  private boolean connected;

  private ListeningSocket(String name, Descriptor socket, @Nullable Path path, boolean connected)
      throws IOException {
    this.name = name;
    this.socket = socket;
    this.path = path;
    this.fileKey = path == null ? null : fileKey(path);
    this.connected = connected;
  }

  /**
   * Listens on a path. A socket that a killed process left there is replaced. Who sees the path can
   * connect: it appears when everything is ready.
   *
   * @throws SocketInUse if somebody listens there
   */
  public static ListeningSocket on(Path path, SocketAccess access) throws IOException {
    checkPlace(path);
    Path hidden = path.resolveSibling("." + Long.toString(ProcessHandle.current().pid(), 36));
    Files.deleteIfExists(hidden);
    Descriptor socket = UnixSocket.bound(hidden.toString());
    boolean listening = false;
    try {
      access.apply(hidden);
      UnixSocket.listen(socket, BACKLOG);
      socket.setNonBlocking();
      Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
      ListeningSocket result = new ListeningSocket(path.toString(), socket, path, false);
      listening = true;
      return result;
    } finally {
      if (!listening) {
        socket.close();
        Files.deleteIfExists(hidden);
      }
    }
  }

  /**
   * Takes over a socket that this process inherited: one that listens, or one that is connected
   * with a front end.
   */
  public static ListeningSocket inherited(int number) throws IOException {
    Descriptor inherited = Descriptor.owning(number);
    boolean listens = UnixSocket.listens(inherited);
    // The copy is not inherited any further.
    Descriptor socket = inherited.duplicate();
    inherited.close();
    if (listens) {
      socket.setNonBlocking();
    }
    return new ListeningSocket("descriptor " + number, socket, null, !listens);
  }

  private static void checkPlace(Path path) throws IOException {
    UnixSocket.checkPath(path.toString());
    int mode;
    try {
      mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException nothingThere) {
      return;
    }
    if ((mode & S_IFMT) != S_IFSOCK) {
      throw new FileSystemException(path.toString(), null, "is there and no socket");
    }
    try {
      UnixSocket.connected(path.toString()).close();
    } catch (SystemCallException e) {
      if (e.errno() != Errors.ECONNREFUSED) {
        throw e;
      }
      LOG.info("{} is left over from a process that is gone: replacing it", path);
      return;
    }
    throw new SocketInUse(path);
  }

  /**
   * Waits for a front end.
   *
   * @return null if {@code stop} was signalled, or no other can come
   */
  public @Nullable MessageSocket accept(EventDescriptor stop) throws IOException {
    if (path == null && connected) {
      connected = false;
      return new MessageSocket(socket.duplicate(), stop);
    }
    if (path == null && !UnixSocket.listens(socket)) {
      return null;
    }
    try (Poll poll = new Poll(List.of(socket, stop.descriptor()))) {
      while (true) {
        poll.await(null);
        if (poll.ready(1)) {
          return null;
        }
        Descriptor connection = UnixSocket.accept(socket);
        if (connection != null) {
          return new MessageSocket(connection, stop);
        }
      }
    }
  }

  /** Stops listening, and removes the socket if it is the one that was made. */
  @Override
  public void close() {
    socket.close();
    if (path != null && fileKey != null) {
      try {
        if (fileKey.equals(fileKey(path))) {
          Files.deleteIfExists(path);
        }
      } catch (IOException e) {
        LOG.debug("{} is not there to be removed", path, e);
      }
    }
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.getAttribute(path, "fileKey", LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String toString() {
    return name;
  }
}
