package io.strata.fs.posix;

import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps access times as the policy says. */
final class AccessTimes {
  private static final Logger LOG = LoggerFactory.getLogger(AccessTimes.class);

  private final Engine engine;
  private final AccessTimePolicy policy;

  AccessTimes(Engine engine, AccessTimePolicy policy) {
    this.engine = engine;
    this.policy = policy;
  }

  /** Notes that a file was read; {@code seen} is its inode as the reader saw it. */
  void afterRead(Ino ino, Inode seen) {
    if (!isDue(seen)) {
      return;
    }
    try {
      engine.write(
          Caller.ROOT.hasty(),
          (metadata, now) -> {
            Edit edit = new Edit(metadata, now);
            Inode inode = edit.inode(ino);
            if (isDue(inode)) {
              edit.put(ino, inode.withTimes(now, inode.modified(), inode.changed()));
            }
            return edit.change(true);
          });
    } catch (FsException e) {
      // The bytes are read: their reader is not to fail, or to wait, for a time. It stays due.
      LOG.debug("access time of inode {} is not updated: {}", ino, e.getMessage());
    }
  }

  private boolean isDue(Inode inode) {
    return switch (policy) {
      case NEVER -> false;
      case AFTER_CHANGE ->
          inode.accessed().compareTo(inode.modified()) < 0
              || inode.accessed().compareTo(inode.changed()) < 0;
    };
  }
}
