package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles that the kernel holds; those of other sessions are as real to the filesystem, and none of
 * this kernel's business. It releases them all, except that it forgets to when the
 * connection breaks; then the session does. Safe for any thread.
 */
final class OpenHandles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenHandles.class);

  private record OpenFile(Ino ino, boolean writes) {}

  private final FileSystem fileSystem;
  private final ConcurrentHashMap<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final Set<Long> directories = ConcurrentHashMap.newKeySet();

  OpenHandles(FileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  void fileOpened(long handle, Ino ino, boolean writes) {
    files.put(handle, new OpenFile(ino, writes));
  }

  void directoryOpened(long handle) {
    directories.add(handle);
  }

  /** Whether anyone has the file open for writing: the kernel may hold dirty pages of it. */
  boolean openForWriting(Ino ino) {
    return files.values().stream().anyMatch(file -> file.writes() && file.ino().equals(ino));
  }

  void requireFile(long handle) throws FsException {
    if (!files.containsKey(handle)) {
      throw unknown(handle);
    }
  }

  /** The file that a handle is of. */
  Ino file(long handle) throws FsException {
    OpenFile file = files.get(handle);
    if (file == null) {
      throw unknown(handle);
    }
    return file.ino();
  }

  void requireDirectory(long handle) throws FsException {
    if (!directories.contains(handle)) {
      throw unknown(handle);
    }
  }

  private static FsException unknown(long handle) {
    return new FsException(Errno.EBADF, "this kernel has no handle " + handle);
  }

  void releaseFile(long handle) throws FsException {
    if (files.remove(handle) == null) {
      throw unknown(handle);
    }
    fileSystem.release(handle);
  }

  void releaseDirectory(long handle) throws FsException {
    if (!directories.remove(handle)) {
      throw unknown(handle);
    }
    fileSystem.releaseDirectory(handle);
  }

  /** Releases what the kernel never learnt of, because it gave up the request that opened it. */
  void releaseUnknown(long handle) {
    try {
      if (files.containsKey(handle)) {
        releaseFile(handle);
      } else {
        releaseDirectory(handle);
      }
    } catch (FsException e) {
      LOG.warn("release of handle {} failed: {}", handle, e.getMessage());
    }
  }

  /** Releases everything. */
  void releaseAll() {
    files.keySet().forEach(this::releaseUnknown);
    directories.forEach(this::releaseUnknown);
  }
}
