package io.strata.cli.control;

import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection to a daemon. Confined to one thread. */
public final class ControlClient implements AutoCloseable {
  private final SocketChannel channel;
  private final BufferedReader in;
  private final Writer out;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
    in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    out = Channels.newWriter(channel, StandardCharsets.UTF_8);
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody listens
   */
  static ControlClient connect(Path socket) throws IOException {
    return new ControlClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /**
   * Sends a request and waits for the reply, for as long as that takes.
   *
   * @throws ControlFailure if the daemon could not do it
   * @throws IOException if the daemon ended without a reply
   */
  public JsonTree ask(ControlRequest request) throws IOException {
    return JsonTree.parse(askForLine(request));
  }

  /** The same, with the reply as the daemon wrote it. */
  public String askForLine(ControlRequest request) throws IOException {
    out.write(Output.jsonText(request) + "\n");
    out.flush();
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the daemon ended before it answered; see its log");
    }
    JsonTree reply = JsonTree.parse(line);
    if (reply.has("error")) {
      throw new ControlFailure(reply.text("error"));
    }
    return line;
  }

  /** Waits until the daemon's process has ended, or has at least closed its end. */
  public void awaitEnd() throws IOException {
    String line = in.readLine();
    while (line != null) {
      line = in.readLine();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
