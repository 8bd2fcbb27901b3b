package io.strata.fuse.mount;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something cannot be mounted or unmounted; the message is one line that says what to do. */
public final class MountException extends IOException {
  private static final long serialVersionUID = 1L;

  MountException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  MountException(String message) {
    this(message, null);
  }
}
