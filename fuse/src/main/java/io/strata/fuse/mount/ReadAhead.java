package io.strata.fuse.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the kernel read ahead as far as a request reaches. It grants a filesystem 128 KiB of its own
 * accord, whatever INIT asks for; only root can change that, so a failure is none of the mount's.
 */
final class ReadAhead {
  private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

  private ReadAhead() {}

  /** Raises it for the mount with a {@code major:minor} number. */
  static void raise(String device, int bytes) {
    Path setting = Path.of("/sys/class/bdi", device, "read_ahead_kb");
    try {
      Files.writeString(setting, Integer.toString(bytes >> 10));
    } catch (IOException e) {
      LOG.debug("read-ahead stays as it is: {}", e.toString());
    }
  }
}
