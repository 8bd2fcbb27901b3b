package io.strata.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.linux.Descriptor;
import io.strata.tests.vmm.FrontEnd;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.Message;
import io.strata.tests.vmm.RamRegion;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A socket of a daemon, for one attack. Immutable.
 *
 * @param socket where it listens
 * @param log where it complains
 * @param complaints how many lines of that were there before
 */
record Target(Path socket, Path log, long complaints) {
  /** Small, so that attacks take little time. */
  static final GuestOptions OPTIONS = GuestOptions.standard().withQueues(1, 64, 8);

  /** More than it may take; so that what never comes fails a test. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  static Target of(Path socket, Path log) throws IOException {
    return new Target(socket, log, count(log));
  }

  private static long count(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("WARN") || line.contains("ERROR")).count();
    }
  }

  /** Waits until the daemon has complained of what was done. */
  void awaitComplaint() throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (count(log) == complaints) {
      if (System.nanoTime() - began > PATIENCE_NANOS) {
        throw new AssertionError("the daemon does not complain");
      }
      Thread.sleep(2);
    }
  }

  /** A guest that has come as far as a mount does. */
  Guest mounted(GuestOptions options) throws IOException, InterruptedException {
    Guest guest = new Guest(options);
    guest.reconnect(socket);
    new GuestFiles(guest).init();
    return guest;
  }

  /** A connection on which nothing is agreed on. */
  FrontEnd silent() throws IOException {
    return FrontEnd.connect(socket);
  }

  /** A connection on which features are agreed on, and nothing else is said. */
  FrontEnd negotiated() throws IOException {
    FrontEnd frontEnd = FrontEnd.connect(socket);
    frontEnd.negotiate(OPTIONS);
    frontEnd.acknowledgeFeatures(false);
    return frontEnd;
  }

  /** Sends a message that must be refused: by an error, or by the end of the connection. */
  static void refused(FrontEnd frontEnd, Message message) throws IOException {
    try {
      frontEnd.socket().send(message.withFlags(Message.VERSION | Message.NEED_REPLY));
      Message answer = frontEnd.socket().receive();
      answer.descriptors().forEach(Descriptor::close);
      assertThat(answer.payload().limit()).as("an answer").isEqualTo(8);
      assertThat(answer.payload().getLong(0)).as("of %d", message.request()).isNotZero();
    } catch (EOFException _) {
      // So be it.
    }
  }

  /** Takes a region away that is in use; the daemon may agree or not. */
  static void takeAway(FrontEnd frontEnd, RamRegion region) throws IOException {
    try {
      frontEnd.unshare(region);
    } catch (IOException e) {
      assertThat(e).as("not because nothing came").isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  /** Sends bytes upon which the connection must end. */
  static void hungUpOn(FrontEnd frontEnd, byte[] bytes) throws IOException {
    frontEnd.socket().send(bytes, List.of());
    frontEnd.socket().awaitEnd();
  }
}
