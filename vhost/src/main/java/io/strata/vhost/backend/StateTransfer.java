package io.strata.vhost.backend;

import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.Poll;
import io.strata.fuse.linux.SystemCallException;
import io.strata.vhost.device.VirtioDevice;
import io.strata.vhost.protocol.BackEndReply;
import io.strata.vhost.protocol.FrontEndMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a device's state to or from another host, over a pipe that the front end made (vhost-user,
 * "Migrating back-end state"). A thread of its own moves the bytes, as the front end only reads
 * them once it has been answered. Otherwise confined.
 */
final class StateTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(StateTransfer.class);

  /** The answer says that it goes over the front end's own descriptor. */
  private static final BackEndReply ACCEPTED = new BackEndReply.Value(0x100);

  private static final BackEndReply REFUSED = new BackEndReply.Value(0x101);

  /** Enough for several million open files. */
  private static final int STATE_BYTES_MAX = 256 << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  /** Who asks whether all is there has sent all, or read all. */
  private static final Duration REST_MAX = Duration.ofSeconds(10);

  private final VirtioDevice device;
  private @Nullable Transfer current;

  StateTransfer(VirtioDevice device) {
    this.device = device;
  }

  BackEndReply begin(FrontEndMessage.SetDeviceStateFd set, boolean running)
      throws InterruptedException {
    end();
    Descriptor pipe = set.descriptor();
    try {
      if (running || set.phase() != FrontEndMessage.SetDeviceStateFd.STOPPED) {
        throw new IOException("rings are started, or phase " + set.phase() + " is unknown");
      }
      pipe.setNonBlocking();
      current = new Transfer(pipe, set.load() ? null : device.saveState());
      return ACCEPTED;
    } catch (IOException e) {
      LOG.warn("{}: {}", set.type(), e.getMessage());
      pipe.close();
      return REFUSED;
    }
  }

  /** Whether all of it has been written, or read and understood. */
  boolean finish() throws InterruptedException {
    Transfer transfer = current;
    if (transfer == null) {
      return false;
    }
    try {
      byte[] state = transfer.await();
      if (transfer.loads()) {
        device.loadState(state);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("the device's state was not transferred: {}", e.getMessage());
      return false;
    } finally {
      end();
    }
  }

  /** Gives up what goes on. */
  void end() throws InterruptedException {
    if (current != null) {
      current.end();
      current = null;
    }
  }

  /** One transfer. */
  private static final class Transfer {
    private final Descriptor pipe;
    private final byte @Nullable [] toSave;
    private final EventDescriptor cancel;
    private final Thread thread;

    // Written by the thread, read when it has ended:
    private byte[] loaded = {};
    private @Nullable IOException failure;

    /** Owns the pipe. */
    Transfer(Descriptor pipe, byte @Nullable [] toSave) throws SystemCallException {
      this.pipe = pipe;
      this.toSave = toSave;
      this.cancel = EventDescriptor.create();
      this.thread = Thread.ofPlatform().daemon().name("strata-vhost-state").unstarted(this::run);
      thread.start();
    }

    boolean loads() {
      return toSave == null;
    }

    private void run() {
      try (pipe) {
        if (toSave == null) {
          loaded = load();
        } else {
          save(toSave);
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    private void save(byte[] state) throws IOException {
      try (Arena arena = Arena.ofConfined();
          Poll poll = Poll.toWrite(pipe, cancel.descriptor())) {
        ErrnoSlot errno = new ErrnoSlot(arena);
        MemorySegment buffer = arena.allocate(BUFFER_BYTES);
        int at = 0;
        while (at < state.length) {
          awaitTurn(poll);
          int count = Math.min(BUFFER_BYTES, state.length - at);
          MemorySegment.copy(state, at, buffer, ValueLayout.JAVA_BYTE, 0, count);
          at += (int) moved(pipe.write(buffer.asSlice(0, count), errno), "write");
        }
      }
    }

    private byte[] load() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (Arena arena = Arena.ofConfined();
          Poll poll = new Poll(List.of(pipe, cancel.descriptor()))) {
        ErrnoSlot errno = new ErrnoSlot(arena);
        MemorySegment buffer = arena.allocate(BUFFER_BYTES);
        while (true) {
          awaitTurn(poll);
          long count = pipe.read(buffer, errno);
          if (count == 0) {
            return all.toByteArray();
          }
          count = moved(count, "read");
          if (all.size() + count > STATE_BYTES_MAX) {
            throw new IOException("it has more than " + STATE_BYTES_MAX + " bytes");
          }
          all.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        }
      }
    }

    private static void awaitTurn(Poll poll) throws IOException {
      poll.await(null);
      if (poll.ready(1)) {
        throw new IOException("it was given up");
      }
    }

    private static long moved(long count, String call) throws IOException {
      if (count < 0 && count != -Errors.EAGAIN && count != -Errors.EINTR) {
        throw new SystemCallException(call, (int) -count);
      }
      return Math.max(0, count);
    }

    /** Waits for its end: what was loaded. */
    byte[] await() throws IOException, InterruptedException {
      if (!thread.join(REST_MAX)) {
        throw new IOException("it is not complete after " + REST_MAX);
      }
      if (failure != null) {
        throw failure;
      }
      return loaded;
    }

    void end() throws InterruptedException {
      cancel.signal();
      thread.join();
      cancel.close();
    }
  }
}
