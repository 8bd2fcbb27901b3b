package io.strata.fuse.device;

import io.strata.fuse.abi.Notification;
import io.strata.fuse.linux.Descriptor;
import io.strata.fuse.linux.ErrnoSlot;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.SystemCallException;
import io.strata.fuse.server.Notifier;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sends notifications; those that may block on a platform thread of its own, because the kernel may
 * write dirty pages before it takes one, and must not occupy a virtual thread's carrier that those
 * writes need.
 */
final class DeviceNotifier implements Notifier {
  private final Descriptor device;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("fuse-notifier").factory());

  DeviceNotifier(Descriptor device) {
    this.device = device;
  }

  @Override
  public void send(Notification notification) throws IOException {
    long result = notification.mayBlock() ? writeApart(notification) : write(notification);
    // ENOENT: the kernel has nothing cached of it.
    if (result < 0 && result != -Errors.ENOENT) {
      throw new SystemCallException("notify of " + notification, (int) -result);
    }
  }

  private long writeApart(Notification notification) throws IOException {
    try {
      return thread.submit(() -> write(notification)).get();
    } catch (RejectedExecutionException e) {
      throw new IOException("the filesystem is unmounted", e);
    } catch (ExecutionException e) {
      throw new IOException("cannot notify the kernel", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("notification interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private long write(Notification notification) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(notification.length());
      notification.encode(message);
      return device.write(message, new ErrnoSlot(arena));
    }
  }

  void close() {
    thread.shutdown();
  }
}
