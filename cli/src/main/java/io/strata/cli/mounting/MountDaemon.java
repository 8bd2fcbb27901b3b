package io.strata.cli.mounting;

import io.strata.cli.control.ControlHandler;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.output.JsonValue;
import io.strata.cli.volume.VolumeSession;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.Unmount;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume from the moment when it is mounted to the moment when it is closed. Safe for any thread.
 *
 * <p>It ends in one way only, whoever wants it to end: the mount goes, which {@link #serve} waits
 * for, and then {@code serve} closes the volume. Control requests, signals and {@code umount(8)} do
 * no more than take the mount away.
 */
public final class MountDaemon implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(MountDaemon.class);

  private final String url;
  private final VolumeSession session;
  private final FuseMount mount;
  private final StatisticsSource statistics;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile boolean lost;
  private volatile @Nullable End end;

  /** Serves a volume that is mounted. */
  public MountDaemon(String url, VolumeSession session, FuseMount mount) {
    this.url = url;
    this.session = session;
    this.mount = mount;
    statistics = new StatisticsSource(session, mount);
    session.volume().whenFenced(this::giveUp);
  }

  /** Why a daemon ended. */
  public enum End {
    /** Somebody unmounted it; everything is in the store. */
    UNMOUNTED,
    /** Somebody took the volume over. */
    LOST
  }

  /** Waits until the volume is mounted no more, and closes it. */
  public End serve() throws IOException, InterruptedException {
    try {
      mount.await();
      closing = true;
      if (lost) {
        session.volume().abandon();
        return end(End.LOST);
      }
      session.close();
      LOG.info("{} is unmounted and closed", url);
      return end(End.UNMOUNTED);
    } finally {
      closing = true;
      closed.countDown();
    }
  }

  private End end(End how) {
    end = how;
    return how;
  }

  /**
   * Takes the mount away, whoever uses it, and waits until the volume is closed.
   *
   * @return whether it is closed as it should be
   */
  public boolean stop() {
    try {
      mount.close();
      closed.await();
      return end == End.UNMOUNTED;
    } catch (IOException e) {
      LOG.error("{} cannot be unmounted: {}", url, e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Nothing can be done for the volume's users any more but to tell them. */
  private void giveUp() {
    lost = true;
    LOG.error("{} was taken over by somebody else; unmounting it", url);
    try {
      mount.unmount(Unmount.ABORT);
    } catch (IOException e) {
      LOG.error("{} cannot be unmounted: {}", url, e.getMessage());
    }
  }

  @Override
  public JsonValue answer(ControlRequest request) throws IOException, InterruptedException {
    return switch (request) {
      case ControlRequest.Identify identify ->
          new DaemonIdentity(url, mount.directory(), ProcessHandle.current().pid(), closing);
      case ControlRequest.Statistics all -> statistics.report(url);
      case ControlRequest.Checkpoint checkpoint -> {
        session.volume().checkpoint();
        yield object("head", session.volume().statistics().head());
      }
      case ControlRequest.Unmount unmount -> {
        mount.unmount(unmount.force() ? Unmount.ABORT : Unmount.IF_UNUSED);
        closed.await();
        yield object("head", session.volume().statistics().head());
      }
    };
  }

  private static JsonValue object(String name, long value) {
    return out -> {
      out.writeStartObject();
      out.writeNumberField(name, value);
      out.writeEndObject();
    };
  }
}
