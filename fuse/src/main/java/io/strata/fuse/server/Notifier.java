package io.strata.fuse.server;

import io.strata.fuse.abi.Notification;
import java.io.IOException;

/** Tells the kernel something unasked. Implementations are safe for any thread. */
@FunctionalInterface
public interface Notifier {
  /**
   * Sends a notification and returns when the kernel has obeyed. One that {@link
   * Notification#mayBlock} must not be sent from a thread that serves requests: the kernel may
   * first write dirty pages, for instance.
   *
   * @throws IOException if it cannot be sent; that the kernel knows nothing of what it is told to
   *     forget is no failure
   */
  void send(Notification notification) throws IOException;
}
