package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleNumber;
import io.strata.fs.OpenFlags;
import io.strata.fs.continuity.Client;
import io.strata.fs.schema.Ino;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles that the kernel holds; those of other sessions are as real to the filesystem, and none of
 * this kernel's business. It releases them all, except that it forgets to when the connection
 * breaks; then the session does. One that an earlier process opened is adopted when it is used
 * first. Safe for any thread.
 */
final class OpenHandles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenHandles.class);

  /**
   * One of them.
   *
   * @param number counts what was opened here, from 1 on; 0 for what an earlier process opened
   */
  private record OpenFile(Ino ino, boolean directory, boolean writes, long number) {}

  private final FileSystem fileSystem;
  private final ConcurrentHashMap<Long, OpenFile> open = new ConcurrentHashMap<>();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong newestClosed = new AtomicLong();
  private volatile Client client;

  /** The handles of a client: none yet, though it may have some from before. */
  OpenHandles(FileSystem fileSystem, Client client) {
    this.fileSystem = fileSystem;
    this.client = client;
  }

  /** From now on they are another client's; there are none. */
  void begin(Client next) {
    client = next;
  }

  void fileOpened(long handle, Ino ino, boolean writes) {
    opened(handle, new OpenFile(ino, false, writes, opened.incrementAndGet()));
  }

  void directoryOpened(long handle, Ino ino) {
    opened(handle, new OpenFile(ino, true, false, opened.incrementAndGet()));
  }

  private void opened(long handle, OpenFile file) {
    client.opened(file.ino);
    open.put(handle, file);
  }

  /** Makes sure that a handle is one that the kernel has of this inode; EBADF if it is not. */
  void require(Caller caller, Ino ino, long handle) throws FsException {
    OpenFile file = open.get(handle);
    if (file == null) {
      adopt(caller, ino, handle);
    } else if (!file.ino.equals(ino)) {
      throw new FsException(Errno.EBADF, "handle %d is not of inode %s".formatted(handle, ino));
    }
  }

  private void adopt(Caller caller, Ino ino, long handle) throws FsException {
    fileSystem.adopt(caller, ino, handle, client.claim(ino, handle));
    HandleNumber number =
        HandleNumber.decode(handle)
            .orElseThrow(() -> new FsException(Errno.EBADF, "no handle " + handle));
    OpenFile file =
        new OpenFile(ino, number.directory(), OpenFlags.writes(number.flags()), 0);
    if (open.putIfAbsent(handle, file) == null) {
      client.adopted(ino);
      LOG.debug("handle {} of inode {} is taken up again", handle, ino);
    }
  }

  /** Whether anyone may have the file open for writing: the kernel may hold dirty pages of it. */
  boolean openForWriting(Ino ino) {
    return client.misses(ino)
        || open.values().stream().anyMatch(file -> file.writes() && file.ino().equals(ino));
  }

  /** The inodes that have handles here; of those that an earlier process opened only what is adopted. */
  Set<Ino> inodes() {
    return open.values().stream().map(OpenFile::ino).collect(Collectors.toSet());
  }

  /** How many have been opened here. */
  long opened() {
    return opened.get();
  }

  /** Whether the kernel has closed one that was opened when so many had been. */
  boolean hasClosedSince(long openedBefore) {
    return newestClosed.get() > openedBefore;
  }

  /** Releases a handle of a file or of a directory, as the kernel asks. */
  void release(Caller caller, Ino ino, long handle) throws FsException {
    require(caller, ino, handle);
    OpenFile file = release(handle);
    newestClosed.accumulateAndGet(file.number(), Math::max);
  }

  private OpenFile release(long handle) throws FsException {
    OpenFile file = open.remove(handle);
    if (file == null) {
      throw new FsException(Errno.EBADF, "no handle " + handle);
    }
    // First: whoever removes the inode for good asks whether it may be open.
    client.released(file.ino);
    if (file.directory) {
      fileSystem.releaseDirectory(handle);
    } else {
      fileSystem.release(handle);
    }
    return file;
  }

  /** Releases what the kernel never learnt of, because it gave up the request that opened it. */
  void releaseUnknown(long handle) {
    try {
      release(handle);
    } catch (FsException e) {
      LOG.warn("release of handle {} failed: {}", handle, e.getMessage());
    }
  }

  /** Releases everything. */
  void releaseAll() {
    open.keySet().forEach(this::releaseUnknown);
  }
}
