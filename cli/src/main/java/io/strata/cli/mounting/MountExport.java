package io.strata.cli.mounting;

import io.strata.cli.daemon.Export;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.Unmount;
import io.strata.fuse.server.SessionStats;
import io.strata.fs.Outdated;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount of this machine.
 *
 * @param mount which goes by its own, too: by {@code umount(8)}
 */
record MountExport(FuseMount mount) implements Export {
  private static final Logger LOG = LoggerFactory.getLogger(MountExport.class);

  @Override
  public List<Path> places() {
    return List.of(mount.directory());
  }

  @Override
  public void await() throws InterruptedException {
    mount.await();
  }

  @Override
  public void end(boolean force) throws IOException {
    mount.unmount(force ? Unmount.ABORT : Unmount.IF_UNUSED);
  }

  @Override
  public void close() throws IOException {
    mount.close();
  }

  @Override
  public void settle() throws IOException {
    if (mount.holdsDataBack()) {
      throw new IOException(
          "the kernel would go on with the lengths of files that it knows on %s: unmount it and go"
                  .formatted(mount.directory())
              + " back by the volume's URL; nothing was changed");
    }
    mount.settle();
  }

  @Override
  public Outdated outdated() {
    return new Outdated() {
      @Override
      public void inode(Ino ino) {
        forget(() -> mount.invalidateInode(ino));
      }

      @Override
      public void entry(Ino parent, FileName name) {
        forget(() -> mount.invalidateEntry(parent, name));
      }
    };
  }

  /** A message to the kernel. */
  @FunctionalInterface
  private interface Forgetting {
    void send() throws IOException;
  }

  private static void forget(Forgetting message) {
    try {
      message.send();
    } catch (IOException e) {
      LOG.warn("the kernel may remember what is not so any more: {}", e.getMessage());
    }
  }

  @Override
  public List<SessionStats> sessions() {
    return List.of(mount.stats());
  }
}
