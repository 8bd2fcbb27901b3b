package io.strata.fuse.mount;

import io.strata.fuse.device.FuseDevice;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.Mounts;
import io.strata.fuse.linux.SystemCallException;
import io.strata.fuse.server.FuseSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a kernel write what it holds back of a mount, and waits until the filesystem has it. Confined
 * to a thread that no request needs.
 *
 * <p>syncfs(2) alone does not: of a filesystem that a process serves Linux does not wait for the
 * answers (wait_sb_inodes in fs/fs-writeback.c passes it over, and fuse_sync_fs in fs/fuse/inode.c
 * asks virtio-fs only). When it returns, the writes stand in the connection's queue. Then:
 *
 * <ol>
 *   <li>A directory is opened and closed. Linux sends RELEASEDIR in the background as it does these
 *       writes, in the order in which they came (bg_queue in fs/fuse/dev.c): when that has come, all
 *       of them have been read.
 *   <li>Each reader hands over what it had read by then.
 *   <li>What of it waits, for the store or for memory, is waited for.
 * </ol>
 *
 * <p>All this twice: while a file is made durable or truncated, Linux keeps its writes out of the
 * queue (fuse_set_nowrite) until the answer, for which the first round has waited.
 */
record WriteBack(Path directory, FuseDevice device, FuseSession session) {
  private static final Logger LOG = LoggerFactory.getLogger(WriteBack.class);

  private static final int ROUNDS = 2;

  /** Between two looks at something of which nobody tells. */
  private static final Duration LOOK = Duration.ofMillis(1);

  /**
   * Returns when it is done, or the mount has ended.
   *
   * @throws IOException if the kernel cannot be told, or has met an error since it was told last
   */
  void run() throws IOException, InterruptedException {
    try {
      Mounts.sync(directory.toString());
    } catch (SystemCallException e) {
      if (e.errno() != Errors.ESTALE) {
        throw e;
      }
      // Whoever goes on writing a file that was replaced has it noted against the mount that his
      // bytes have no place, and is told by his own fsync(2). Others have theirs written.
      LOG.info("{}: what was written to files that are no more is lost", directory);
    }
    for (int round = 0; round < ROUNDS; round++) {
      long before = session.opened();
      Mounts.openAndClose(directory.toString());
      while (!session.hasClosedSince(before)) {
        if (device.awaitEnd(LOOK)) {
          return;
        }
      }
      device.awaitHandedOver(this::ask, LOOK);
      session.awaitChanges();
    }
  }

  /** STATFS: no kernel answers it by itself. */
  private void ask() {
    directory.toFile().getTotalSpace();
  }
}
