package io.strata.store.file;

import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** What an error of the operating system means for the caller of a store. */
final class FileErrors {
  /** The JDK has no types for these; the texts are those of the C library. */
  private static final List<String> LASTING =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Operation not permitted",
          "File name too long",
          "File too large",
          "Not a directory",
          "Is a directory",
          "Directory not empty",
          "Too many levels of symbolic links");

  private FileErrors() {}

  /** The exception for {@code cause}, which happened on doing {@code what}. */
  static StoreException explain(String what, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      // The channel has left the thread's interrupt status set.
      return new StoreException.Unavailable(what + ": interrupted", cause);
    }
    String text = what + ": " + describe(cause);
    return lasting(cause)
        ? new StoreException.Refused(text, cause)
        : new StoreException.Unavailable(text, cause);
  }

  /** Whether the error means that no file can have the name that was looked up. */
  static boolean meansNoSuchName(FileSystemException e) {
    String reason = String.valueOf(e.getReason());
    return reason.equals("Not a directory") || reason.equals("File name too long");
  }

  private static boolean lasting(IOException cause) {
    if (cause instanceof AccessDeniedException || cause instanceof NotDirectoryException) {
      return true;
    }
    String message = String.valueOf(cause.getMessage());
    return LASTING.stream().anyMatch(message::contains);
  }

  private static String describe(IOException cause) {
    return switch (cause) {
      case AccessDeniedException e -> "permission denied: " + e.getFile();
      case NotDirectoryException e -> "not a folder (or a symbolic link): " + e.getFile();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
