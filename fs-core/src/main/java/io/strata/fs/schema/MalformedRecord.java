package io.strata.fs.schema;

import java.io.IOException;

/**
 * Bytes of a volume that no version of Strata known here has written: the volume is damaged, or a
 * later version wrote it. The message says which record, at which of its bytes, and why.
 */
public final class MalformedRecord extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedRecord(String message) {
    super(message);
  }

  MalformedRecord(String message, Throwable cause) {
    super(message, cause);
  }
}
