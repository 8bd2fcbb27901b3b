package io.strata.cli.command;

import io.strata.cli.daemon.VolumeInUse;
import io.strata.cli.mounting.BadMountPoint;
import io.strata.fs.FsException;
import io.strata.fs.volume.VolumeException;
import io.strata.fsck.repair.Held;
import io.strata.store.StoreException;
import io.strata.vhost.socket.SocketInUse;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * The one place that turns an exception into what a user reads.
 *
 * @param text one line: what, where, what to do
 * @param status one of {@link ExitStatus}
 */
record ErrorLine(String text, int status) {
  /** Judges an exception by its kind. */
  static ErrorLine of(Throwable thrown) {
    return switch (thrown) {
      case Failure failure -> new ErrorLine(said(failure), failure.status());
      case VolumeException volume -> new ErrorLine(said(volume), status(volume.reason()));
      case VolumeInUse inUse -> new ErrorLine(said(inUse), ExitStatus.IN_USE);
      case BadMountPoint place -> new ErrorLine(said(place), ExitStatus.USAGE);
      case SocketInUse socket -> new ErrorLine(said(socket), ExitStatus.USAGE);
      case FsException file -> new ErrorLine(file.errno() + ": " + said(file), ExitStatus.FAILED);
      case Held held -> new ErrorLine(said(held), ExitStatus.IN_USE);
      case StoreException store -> new ErrorLine(said(store), status(store));
      case NoSuchFileException e ->
          new ErrorLine("no such file: " + e.getMessage(), ExitStatus.FAILED);
      case AccessDeniedException e ->
          new ErrorLine("permission denied: " + e.getMessage(), ExitStatus.FAILED);
      case IllegalArgumentException e -> new ErrorLine(said(e), ExitStatus.USAGE);
      case IOException e -> new ErrorLine(said(e), ExitStatus.FAILED);
      case InterruptedException e -> new ErrorLine("interrupted", ExitStatus.FAILED);
      default ->
          new ErrorLine(
              "internal error: " + thrown + "; run again with --verbose and report it",
              ExitStatus.FAILED);
    };
  }

  private static int status(StoreException thrown) {
    return switch (thrown) {
      case StoreException.Corrupt e -> ExitStatus.NOT_READABLE;
      case StoreException.TooNew e -> ExitStatus.NOT_READABLE;
      case StoreException.Missing e -> ExitStatus.NOT_READABLE;
      case StoreException.Exists e -> ExitStatus.FAILED;
      case StoreException.Unavailable e -> ExitStatus.STORE;
      case StoreException.Refused e -> ExitStatus.STORE;
    };
  }

  private static int status(VolumeException.Reason reason) {
    return switch (reason) {
      case HELD, FENCED -> ExitStatus.IN_USE;
      case ABSENT, DAMAGED -> ExitStatus.NOT_READABLE;
      case OCCUPIED -> ExitStatus.USAGE;
      case REFUSED -> ExitStatus.FAILED;
      case UNCONDITIONAL_STORE -> ExitStatus.STORE;
    };
  }

  /** The message, on one line whatever a library put into it. */
  private static String said(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
