package io.strata.cli.serving;

import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.platform.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of whoever is the guest of a socket. A guest that is gone, with nobody there in its
 * place, must not keep all others waiting for ever: its locks end some time after its front end has
 * gone. Guarded by itself.
 */
final class GuestLocks {
  private static final Logger LOG = LoggerFactory.getLogger(GuestLocks.class);

  private final LockTable table;
  private final Optional<Path> file;
  private final Duration duration;
  private final Clock clock;
  private LockSession current;
  private Clock.@Nullable Timer lease;

  /**
   * Locks of a guest that may have some.
   *
   * @param file where they outlive this process
   * @param duration how long they outlive the front end
   * @throws IOException if the file cannot be read
   */
  GuestLocks(LockTable table, Optional<Path> file, Duration duration, Clock clock)
      throws IOException {
    this.table = table;
    this.file = file;
    this.duration = duration;
    this.clock = clock;
    this.current = session();
    if (current.heldRanges() > 0) {
      detached();
    }
  }

  private LockSession session() throws IOException {
    return file.isPresent() ? table.session(file.get()) : table.session();
  }

  /** Locks of a guest that begins: none; those of the one before end. */
  synchronized LockSession fresh() {
    current.end();
    try {
      current = session();
    } catch (IOException e) {
      LOG.error("locks of a guest will not outlive this process", e);
      current = table.session();
    }
    return current;
  }

  /** Locks of the guest that is. */
  synchronized LockSession current() {
    return current;
  }

  /** The front end is there. */
  synchronized void attached() {
    if (lease != null) {
      lease.cancel();
      lease = null;
    }
  }

  /** The front end has gone. */
  synchronized void detached() {
    attached();
    LockSession gone = current;
    lease = clock.schedule(duration, () -> expire(gone));
  }

  private synchronized void expire(LockSession gone) {
    // Whoever came in the meantime has cancelled the lease, or was a moment too late to.
    if (lease != null && gone == current) {
      int held = gone.heldRanges();
      if (held > 0) {
        LOG.warn("a guest is gone since {}: {} locks of it end", duration, held);
      }
      gone.clear();
      lease = null;
    }
  }
}
