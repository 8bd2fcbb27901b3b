package io.strata.fuse.mount;

import io.strata.fs.FileSystem;
import io.strata.fs.Replacement;
import io.strata.fs.locks.LockSession;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.Notification;
import io.strata.fuse.device.FuseDevice;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.Negotiated;
import io.strata.fuse.server.SessionStats;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filesystem mounted on a directory of this machine, until someone unmounts it: this object or
 * anybody else. Safe for any thread. The filesystem is not closed with it.
 */
public final class FuseMount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);

  /** The kernel sends INIT at once. */
  private static final Duration INIT_MAX = Duration.ofSeconds(30);

  /** Longer than any machine runs. */
  private static final Duration FOREVER = Duration.ofDays(36500);

  /**
   * How long to wait for the end of a mount that nobody sees any more, and for what the kernel writes
   * before.
   */
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  private final Path directory;
  private final Mounter mounter;
  private final FuseDevice device;
  private final FuseSession session;
  private final Negotiated negotiated;
  private final ReentrantLock replacing = new ReentrantLock();

  /** What mount tables call this mount, and no other at the same time. */
  private final String number;

  private FuseMount(
      Path directory,
      Mounter mounter,
      FuseDevice device,
      FuseSession session,
      Negotiated negotiated,
      String number) {
    this.directory = directory;
    this.mounter = mounter;
    this.device = device;
    this.session = session;
    this.negotiated = negotiated;
    this.number = number;
  }

  /**
   * Mounts; requests are served when this returns.
   *
   * @param directory must exist; what a dead daemon left there is replaced
   * @throws MountException if it cannot be done; the message says what to do
   */
  public static FuseMount mount(
      FileSystem fileSystem, Path directory, MountOptions options, Platform platform)
      throws IOException {
    return mount(fileSystem, directory, options, platform, Mounter.ofThisProcess(), null);
  }

  static FuseMount mount(
      FileSystem fileSystem,
      Path directory,
      MountOptions options,
      Platform platform,
      Mounter mounter,
      @Nullable LockSession locks)
      throws IOException {
    Path point = MountPoint.canonical(directory);
    MountPoint.prepare(point, mounter);
    FuseDevice device = new FuseDevice(mounter.mount(point, options));
    FuseSession session =
        new FuseSession(fileSystem, options.session(), platform, device.notifier(), locks);
    device.serve(
        session, options.readers(), options.session().requestBytesMax(), options.bufferBytesMax());
    try {
      Negotiated negotiated = session.initialized().get(INIT_MAX.toSeconds(), TimeUnit.SECONDS);
      String number =
          MountPoint.ours(point)
              .orElseThrow(() -> new MountException(point + " was unmounted at once"))
              .device();
      ReadAhead.raise(number, options.session().requestBytesMax());
      LOG.info("{} mounted on {} (FUSE 7.{})", options.source(), point, negotiated.minor());
      return new FuseMount(point, mounter, device, session, negotiated, number);
    } catch (ExecutionException e) {
      abandon(mounter, point);
      throw new MountException("cannot mount on " + point + ": " + reason(e), e);
    } catch (TimeoutException e) {
      abandon(mounter, point);
      throw new MountException("cannot mount on " + point + ": the kernel does not begin", e);
    } catch (InterruptedException e) {
      abandon(mounter, point);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while mounting on " + point);
    }
  }

  private static void abandon(Mounter mounter, Path point) {
    try {
      mounter.unmount(point, Unmount.ABORT);
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
  }

  /**
   * Checks, changing nothing, that one can mount on a directory as far as that can be told before.
   *
   * @throws MountException if not; the message says what to do
   */
  public static void check(Path directory) throws IOException {
    MountPoint.check(MountPoint.canonical(directory));
  }

  /**
   * Unmounts what any process of Strata has mounted on a directory.
   *
   * @throws MountException if nothing of Strata is mounted there, or it is in use
   */
  public static void unmount(Path directory, Unmount how) throws IOException {
    Path point = MountPoint.canonical(directory);
    if (MountPoint.ours(point).isEmpty()) {
      throw new MountException("no volume is mounted on " + point);
    }
    Mounter.ofThisProcess().unmount(point, how);
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  /** What kernel and server agreed on. */
  public Negotiated negotiated() {
    return negotiated;
  }

  /** What happened so far. */
  public SessionStats stats() {
    return session.stats();
  }

  /** Makes the kernel forget an inode's attributes and cached bytes; it writes dirty ones first. */
  public void invalidateInode(Ino ino) throws IOException {
    device.notifier().send(Notification.InvalidateInode.all(session.nodeId(ino)));
  }

  /** Makes the kernel forget what a name means, or that it means nothing. */
  public void invalidateEntry(Ino parent, FileName name) throws IOException {
    device.notifier().send(new Notification.InvalidateEntry(session.nodeId(parent), name));
  }

  /**
   * Replaces all files under the kernel. What it has open ends in ESTALE, and what it looks up is
   * found anew; what it has written is settled first. Its requests wait until the files are replaced.
   * Not to be called by a thread that requests need.
   *
   * @param newest the epoch of the volume's owner
   * @param replacement replaces them
   * @throws MountException if the files cannot be replaced under this mount; nothing was done then
   */
  public <T> T replace(Epoch newest, Replacement<T> replacement) throws IOException {
    return replace(newest, replacement, negotiated.minor() >= Notification.NextEpoch.MINOR);
  }

  /**
   * Does the same.
   *
   * @param epochs whether the kernel can be told to look up all names anew
   */
  <T> T replace(Epoch newest, Replacement<T> replacement, boolean epochs) throws IOException {
    replacing.lock();
    try {
      requireReplaceable(newest);
      settle();
      return new ReplacedFiles(session, device.notifier(), newest, epochs, this::settle)
          .by(replacement);
    } finally {
      replacing.unlock();
    }
  }

  private void requireReplaceable(Epoch newest) throws IOException {
    if (!session.canRenumber(newest)) {
      throw new MountException(
          "files were replaced as often as can be while %s is mounted: unmount it first"
              .formatted(directory));
    }
    Optional<MountTable.Entry> inside = MountTable.read().below(directory);
    if (inside.isPresent()) {
      throw new MountException(
          "%s is mounted in it and would be detached: unmount that first"
              .formatted(inside.get().point()));
    }
  }

  /**
   * Has the kernel write everything that it holds back, and returns when the filesystem has it, however
   * long that waits for the store; what it holds of files that were replaced is dropped. Not to be
   * called by a thread that requests need. Of a mount that was detached nobody can ask that.
   *
   * @throws IOException if it could not be written
   */
  public void settle() throws IOException {
    settle(FOREVER);
  }

  private void settle(Duration atMost) throws IOException {
    if (!isMounted()) {
      LOG.warn("{} is detached: what its users have not synced stays with the kernel", directory);
      return;
    }
    WriteBack writeBack = new WriteBack(directory, device, session);
    CompletableFuture<Void> settled = new CompletableFuture<>();
    // A virtual thread would keep its carrier from those who serve what the kernel writes.
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .name("fuse-settle")
            .start(
                () -> {
                  try {
                    writeBack.run();
                    settled.complete(null);
                  } catch (IOException | InterruptedException | RuntimeException e) {
                    settled.completeExceptionally(e);
                  }
                });
    try {
      settled.get(atMost.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("what the kernel holds back cannot be written: " + reason(e), e);
    } catch (TimeoutException e) {
      writer.interrupt();
      throw new IOException("what the kernel holds back was not written in " + atMost, e);
    } catch (InterruptedException e) {
      writer.interrupt();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the kernel writes");
    }
  }

  /** Waits until it is unmounted, by whomever, and all requests have ended. */
  public void await() throws InterruptedException {
    device.awaitEnd();
  }

  /** As {@link #await()} for at most {@code atMost}; tells whether it has ended. */
  public boolean await(Duration atMost) throws InterruptedException {
    return device.awaitEnd(atMost);
  }

  /** Unmounts; {@link #await()} tells when the last request has ended. */
  public void unmount(Unmount how) throws IOException {
    mounter.unmount(directory, how);
  }

  /**
   * Unmounts for certain and waits for the end. If it is in use, what the kernel holds back is
   * written first, and then its users get errors: at once, or after half a minute those who were
   * left with it when it was detached, or who have a copy of it in a mount namespace of their own.
   * The kernel keeps the connection open for these until they end, or this process does. Does
   * nothing if it has ended already.
   */
  @Override
  public void close() throws IOException {
    close(CLOSE_MAX);
  }

  /** As {@link #close()}, leaving those whom nobody sees so much time. */
  void close(Duration closeMax) throws IOException {
    try {
      if (device.awaitEnd(Duration.ZERO)) {
        return;
      }
      if (isMounted()) {
        unmountForCertain();
      }
      if (!device.awaitEnd(closeMax)) {
        String onlookers = Onlookers.of(number);
        LOG.warn(
            "{} is unmounted and still in use{}: its users get errors from now on",
            directory,
            onlookers.isEmpty() ? "" : " in another mount namespace, by " + onlookers);
        device.desert(session);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while unmounting " + directory);
    }
  }

  /** Whether this mount, and no other, is to be seen at its mount point. */
  private boolean isMounted() throws IOException {
    return MountPoint.ours(directory).filter(seen -> seen.device().equals(number)).isPresent();
  }

  private void unmountForCertain() throws IOException, InterruptedException {
    // Nobody does it for a copy in another namespace, and here it is done anyway.
    boolean written = writeBack();
    try {
      unmount(Unmount.IF_UNUSED);
    } catch (MountException e) {
      if (!isMounted()) {
        return; // somebody else was faster
      }
      LOG.warn("{}; its users get errors from now on", e.getMessage());
      if (written) {
        writeBack(); // what came since
      }
      unmount(Unmount.ABORT);
      session.refuse();
    }
  }

  private boolean writeBack() {
    try {
      settle(CLOSE_MAX);
      return true;
    } catch (IOException e) {
      LOG.warn("{}: {}", directory, e.getMessage());
      return false;
    }
  }
}
