package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.fs.HandleCounter;
import io.strata.fs.HandleNumber;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open files and directories, and who holds which inode. Safe for any number of threads.
 *
 * <p>An inode without names lives as long as it is held. The order that makes this safe: whoever
 * opens an inode holds it first and looks whether it exists after; whoever removes a last name looks
 * under the exclusive lock whether the inode is held, leaves it as an orphan if so and marks it
 * afterwards; whoever lets go of it last removes it if it is marked, and if nobody held it any more
 * when it was to be marked, its remover does.
 */
final class Handles {
  private final HandleCounter numbers;
  private final Map<Long, FileHandle> files = new ConcurrentHashMap<>();
  private final Map<Long, DirectoryHandle> directories = new ConcurrentHashMap<>();
  private final Map<Ino, Holds> held = new ConcurrentHashMap<>();

  /**
   * Who holds an inode.
   *
   * @param count how often it is held, at least 1
   * @param orphan whether it is known to have no name
   */
  private record Holds(int count, boolean orphan) {}

  /** The handles of an epoch: none yet. */
  Handles(HandleCounter numbers) {
    this.numbers = numbers;
  }

  /** Holds an inode and says whether somebody did already. */
  boolean hold(Ino ino) {
    Holds holds =
        held.merge(
            ino, new Holds(1, false), (old, one) -> new Holds(old.count + 1, old.orphan));
    return holds.count > 1;
  }

  /** Lets go of an inode and says whether it has to be removed now. */
  boolean letGo(Ino ino) {
    boolean[] remove = new boolean[1];
    held.compute(
        ino,
        (key, old) -> {
          if (old == null) {
            throw new IllegalStateException("inode " + ino + " is not held");
          }
          remove[0] = old.count == 1 && old.orphan;
          return old.count == 1 ? null : new Holds(old.count - 1, old.orphan);
        });
    return remove[0];
  }

  /** Marks an inode as one without names; false if nobody holds it. */
  boolean markOrphan(Ino ino) {
    return held.computeIfPresent(ino, (key, old) -> new Holds(old.count, true)) != null;
  }

  boolean isHeld(Ino ino) {
    return held.containsKey(ino);
  }

  /** A number for a handle of a file. */
  long newFile(int flags) throws FsException {
    return numbers.file(flags);
  }

  /** A number for a handle of a directory. */
  long newDirectory() throws FsException {
    return numbers.directory();
  }

  /** What a number says that was made in an epoch before this one; EBADF if it was not. */
  HandleNumber earlier(long handle) throws FsException {
    return HandleNumber.decode(handle)
        .filter(number -> number.epochBefore(numbers.epoch()).isPresent())
        .orElseThrow(() -> unknown(handle));
  }

  /** Adds a handle of an inode that its opener holds; false if it is there already. */
  boolean add(long handle, FileHandle file) {
    return files.putIfAbsent(handle, file) == null;
  }

  /** Adds a handle of a directory that its opener holds; false if it is there already. */
  boolean add(long handle, DirectoryHandle directory) {
    return directories.putIfAbsent(handle, directory) == null;
  }

  /** Whether a handle is open. */
  boolean isOpen(long handle) {
    return files.containsKey(handle) || directories.containsKey(handle);
  }

  FileHandle file(long handle) throws FsException {
    return known(files.get(handle), handle);
  }

  DirectoryHandle directory(long handle) throws FsException {
    return known(directories.get(handle), handle);
  }

  /** Fails if a handle, of a file or a directory, is to be told of lost writes. */
  void tellLoss(long handle) throws FsException {
    DirectoryHandle directory = directories.get(handle);
    if (directory != null) {
      directory.tellLoss();
    } else {
      file(handle).tellLoss();
    }
  }

  /** Refuses what is a handle neither of a file nor of a directory. */
  void requireAny(long handle) throws FsException {
    if (!isOpen(handle)) {
      throw unknown(handle);
    }
  }

  FileHandle removeFile(long handle) throws FsException {
    return known(files.remove(handle), handle);
  }

  DirectoryHandle removeDirectory(long handle) throws FsException {
    return known(directories.remove(handle), handle);
  }

  private static <T> T known(@Nullable T found, long handle)
      throws FsException {
    if (found == null) {
      throw unknown(handle);
    }
    return found;
  }

  private static FsException unknown(long handle) {
    return new FsException(Errno.EBADF, "no handle " + handle);
  }
}
