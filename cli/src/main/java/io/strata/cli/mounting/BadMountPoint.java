package io.strata.cli.mounting;

import java.io.IOException;

/** Nothing can be mounted where it was asked for; nothing was tried. */
public final class BadMountPoint extends IOException {
  private static final long serialVersionUID = 1L;

  BadMountPoint(String message) {
    super(message);
  }
}
