package io.strata.vhost.fs;

import io.strata.fuse.abi.MalformedRequest;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.RequestHeader;
import io.strata.fuse.server.Exchange;
import io.strata.fuse.server.FuseSession;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.queue.DescriptorChain;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A virtio-fs device (virtio 1.2, 5.11): queue 0 is that of high priority, requests come on all
 * others. It has one FUSE session at a time; an INIT begins another, as after a reboot or a second
 * mount, and nothing that the one before had open is open any more.
 *
 * <p>{@link #accept} for any number of threads; everything else one at a time.
 */
public final class VirtioFsDevice implements VirtioDevice {
  private static final Logger LOG = LoggerFactory.getLogger(VirtioFsDevice.class);

  /** How long a ring that stops waits for requests in flight. */
  private static final Duration QUIESCE_MAX = Duration.ofSeconds(30);

  /** How long requests of a session that is over may go on. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final FsConfig config;
  private final FsSessions sessions;
  private final Executor waiting;
  private final RequestIntake intake;
  private final HeldChains held = new HeldChains();

  /** Changed under the lock of this. */
  private volatile FuseSession session;

  /**
   * A device that no front end has started yet.
   *
   * @param stagingBytesMax memory for copies of requests larger than 8 KiB, reply included
   * @param waiting runs what waits, each task on a thread of its own
   */
  public VirtioFsDevice(
      FsConfig config, FsSessions sessions, long stagingBytesMax, Executor waiting) {
    this.config = config;
    this.sessions = sessions;
    this.waiting = waiting;
    this.intake = new RequestIntake(stagingBytesMax, this::serve);
    this.session = sessions.resumed();
  }

  /** VIRTIO_FS_F_NOTIFICATION, the only feature bit there is, is not offered. */
  @Override
  public long deviceFeatures() {
    return 0;
  }

  @Override
  public int queueCount() {
    return 1 + config.requestQueues();
  }

  @Override
  public int configBytes() {
    return FsConfig.BYTES;
  }

  @Override
  public void readConfig(int offset, byte[] into) {
    byte[] all = config.encode();
    System.arraycopy(all, offset, into, 0, into.length);
  }

  /** No field is the driver's to write; what migrates must be the same here. */
  @Override
  public boolean writeConfig(int offset, byte[] from, boolean migrating) {
    byte[] here = Arrays.copyOfRange(config.encode(), offset, offset + from.length);
    return migrating && Arrays.equals(here, from);
  }

  /** All queues are served alike: nothing that is in front of a FORGET can hold it up. */
  @Override
  public void accept(int queue, DescriptorChain chain) {
    held.more();
    intake.accept(new HeldChain(chain, held));
  }

  private void serve(Exchange exchange) {
    if (isInit(exchange)) {
      sessionForInit().accept(exchange);
    } else {
      session.accept(exchange);
    }
  }

  private static boolean isInit(Exchange exchange) {
    try {
      return RequestHeader.decode(exchange.request()).opcode() == Opcode.INIT.number();
    } catch (MalformedRequest e) {
      return false; // the session says what is wrong
    }
  }

  private synchronized FuseSession sessionForInit() {
    FuseSession before = session;
    if (before.initialized().isDone()) {
      LOG.debug("INIT after INIT: the guest begins anew");
      session = sessions.fresh();
      closeLater(before);
    }
    return session;
  }

  private void closeLater(FuseSession over) {
    try {
      waiting.execute(() -> close(over));
    } catch (RejectedExecutionException e) {
      LOG.warn("a session that is over keeps its handles: {}", e.getMessage());
    }
  }

  private static void close(FuseSession over) {
    try {
      over.close(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void attached() {
    sessions.attached();
  }

  @Override
  public void detached() {
    sessions.detached();
  }

  @Override
  public void started(long negotiatedFeatures) {
    // Requests say by themselves what they are.
  }

  @Override
  public synchronized void reset() {
    FuseSession before = session;
    session = sessions.fresh();
    close(before);
  }

  /** Who waits for a lock is told EINTR, which makes the guest's kernel ask again. */
  @Override
  public void stopping() {
    session.endLockWaits();
  }

  @Override
  public boolean quiesce() throws InterruptedException {
    stopping();
    return held.awaitNone(QUIESCE_MAX);
  }

  @Override
  public synchronized byte[] saveState() throws IOException {
    return sessions.save(session);
  }

  @Override
  public synchronized void loadState(byte[] state) throws IOException {
    FuseSession before = session;
    session = sessions.load(state);
    close(before);
  }

  /** What happens in the session that is. */
  public FuseSession session() {
    return session;
  }

  /** The process ends, not the guest: what it has open stays open for whoever serves it next. */
  @Override
  public synchronized void close() {
    boolean ended = false;
    try {
      ended = session.suspend(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    intake.close();
    try {
      // Some may have been between the line and the session, and are refused now.
      if (ended && !held.awaitNone(GRACE)) {
        LOG.warn("requests still run; the guest gets no answer to them");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
