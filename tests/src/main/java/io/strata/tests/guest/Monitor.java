package io.strata.tests.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** QEMU's machine protocol: a line of JSON for each command and answer. */
final class Monitor {
  private Monitor() {}

  /**
   * Has a command without arguments executed.
   *
   * @throws IOException if QEMU refuses it
   */
  static void execute(Path socket, String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      BufferedReader in =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      String greeting = in.readLine();
      if (greeting == null || !greeting.contains("\"QMP\"")) {
        throw new IOException(socket + " is no monitor: " + greeting);
      }
      ask(channel, in, "qmp_capabilities");
      ask(channel, in, command);
    }
  }

  private static void ask(SocketChannel channel, BufferedReader in, String command)
      throws IOException {
    byte[] line = ("{\"execute\": \"" + command + "\"}\n").getBytes(StandardCharsets.US_ASCII);
    channel.write(ByteBuffer.wrap(line));
    String answer = in.readLine();
    // Events come in between.
    while (answer != null && answer.contains("\"event\"")) {
      answer = in.readLine();
    }
    if (answer == null || answer.contains("\"error\"")) {
      throw new IOException(command + ": " + answer);
    }
  }
}
