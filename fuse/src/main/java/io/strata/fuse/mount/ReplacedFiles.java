package io.strata.fuse.mount;

import io.strata.fs.Outdated;
import io.strata.fs.Replacement;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.Notification;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.Notifier;
import io.strata.store.Epoch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the files under a kernel, once. Confined to one thread.
 *
 * <ol>
 *   <li>Requests are held back, and those under way end: what was asked about the files of before
 *       is done to them, or never.
 *   <li>The files are replaced. All inodes but the root have other node ids, and requests go on.
 *   <li>The kernel forgets names: all at once, or those in the root, through which all others are
 *       found. So it meets inodes that it does not know, with lengths that it has to believe.
 *   <li>It forgets what it has cached of inodes that are open, so that their users meet ESTALE and
 *       do not go on with pages of before. Dirty ones it sends first, to ESTALE too.
 * </ol>
 *
 * <p>Names are forgotten when requests go on, because the kernel may wait for a directory that a
 * request has locked.
 *
 * @param epochs whether the kernel can be told to forget all names at once
 * @param settling has the kernel write what it holds back
 */
record ReplacedFiles(
    FuseSession session, Notifier notifier, Epoch newest, boolean epochs, Settling settling) {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedFiles.class);

  /** How long requests may take to end: while the store does not answer, they may not. */
  private static final Duration HOLD_MAX = Duration.ofSeconds(30);

  /** Has the kernel write. */
  @FunctionalInterface
  interface Settling {
    void run() throws IOException;
  }

  <T> T by(Replacement<T> replacement) throws IOException {
    Telling telling = new Telling();
    try {
      if (!session.hold(HOLD_MAX)) {
        throw new MountException("requests do not end, so no files were replaced: try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while requests end");
    }
    try {
      return replacement.run(telling);
    } finally {
      session.goOn();
      telling.end();
    }
  }

  /** Tells the kernel. What it does not hear because it is gone, nobody misses. */
  private final class Telling implements Outdated {
    /** What was open when the files were replaced, by the ids of before; null if they were not. */
    private @Nullable List<Long> open;

    private long untold;

    @Override
    public boolean all() {
      open = session.openNodeIds();
      session.renumber(newest);
      boolean namesForgotten = epochs && tell(new Notification.NextEpoch());
      session.goOn();
      return !namesForgotten;
    }

    @Override
    public void inRoot(FileName name) {
      tell(new Notification.InvalidateEntry(Ino.ROOT.value(), name));
    }

    void end() {
      if (open == null) {
        return;
      }
      tell(Notification.InvalidateInode.all(Ino.ROOT.value()));
      for (long node : open) {
        tell(Notification.InvalidateInode.all(node));
      }
      try {
        // That pages of before had no place any more is noted against the whole mount, and whoever
        // asks next would be told.
        settling.run();
      } catch (IOException e) {
        LOG.warn("{}", e.getMessage());
      }
      if (untold > 0) {
        LOG.warn("the kernel may remember files of before: {} messages did not reach it", untold);
      }
    }

    private boolean tell(Notification message) {
      try {
        notifier.send(message);
        return true;
      } catch (IOException e) {
        untold++;
        LOG.debug("{}", e.getMessage());
        return false;
      }
    }
  }
}
