package io.strata.tests.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The connection to the server behind one {@link ClientSide}. Confined to their event loop. */
final class ServerSide extends ChannelInboundHandlerAdapter {
  private final ClientSide side;
  private final Channel client;
  private boolean interim;
  private boolean keep;
  private long bytesPassed;

  ServerSide(ClientSide side, Channel client) {
    this.side = side;
    this.client = client;
  }

  @Override
  public void channelInactive(ChannelHandlerContext server) {
    // In mid-request the client must learn of it; and an idle pair ends together.
    FaultProxy.end(client);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext server, Throwable cause) {
    FaultProxy.end(server);
  }

  @Override
  public void channelRead(ChannelHandlerContext server, Object message) {
    switch (message) {
      case HttpResponse head -> take(server, head);
      case HttpContent content -> take(server, content);
      default -> throw new IllegalStateException("the codec yields " + message.getClass());
    }
  }

  private void take(ChannelHandlerContext server, HttpResponse head) {
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (interim) {
      pass(server, head, 0);
      return;
    }
    keep = HttpUtil.isKeepAlive(head) && side.requestEnded();
    bytesPassed = 0;
    switch (side.fault()) {
      case ProxyFault.Pass pass -> passHead(server, head);
      case ProxyFault.Pace pace -> passHead(server, head);
      case ProxyFault.CutBody cut -> passHead(server, head);
      case ProxyFault.CutHead(String sent) -> {
        ByteBuf half = Unpooled.copiedBuffer(sent, StandardCharsets.US_ASCII);
        // Past the codec, which would not write half a line.
        client
            .pipeline()
            .context(ClientSide.CODEC)
            .writeAndFlush(half)
            .addListener(ChannelFutureListener.CLOSE);
      }
      case ProxyFault.LoseReply lose -> server.read();
      case ProxyFault.Hang hang -> server.read();
      case ProxyFault.Answer answer -> server.read();
      case ProxyFault.Drop drop -> throw new IllegalStateException("forwarded what was dropped");
    }
  }

  private void passHead(ChannelHandlerContext server, HttpResponse head) {
    if (!keep) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    pass(server, head, 0);
  }

  private void take(ChannelHandlerContext server, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (interim) {
      interim = !last;
      pass(server, content, 0);
      return;
    }
    switch (side.fault()) {
      case ProxyFault.Pass pass -> passBody(server, content, last);
      case ProxyFault.Pace pace -> passBody(server, content, last);
      case ProxyFault.CutBody(long bytes) -> cut(server, content, last, bytes);
      case ProxyFault.CutHead cut -> ReferenceCountUtil.release(content);
      case ProxyFault.LoseReply lose -> swallow(server, content, last);
      case ProxyFault.Hang hang -> swallow(server, content, last);
      case ProxyFault.Answer answer -> swallow(server, content, last);
      case ProxyFault.Drop drop -> throw new IllegalStateException("forwarded what was dropped");
    }
  }

  private void passBody(ChannelHandlerContext server, HttpContent content, boolean last) {
    if (!last) {
      pass(server, content, content.content().readableBytes());
      return;
    }
    client
        .writeAndFlush(content)
        .addListener(done -> side.replied(client, keep && done.isSuccess()));
    // So that the end of the connection shows.
    server.read();
  }

  private void cut(ChannelHandlerContext server, HttpContent content, boolean last, long most) {
    int room = (int) Math.min(most - bytesPassed, content.content().readableBytes());
    bytesPassed += content.content().readableBytes();
    if (bytesPassed < most && !last) {
      pass(server, content, 0);
      return;
    }
    client
        .writeAndFlush(new DefaultHttpContent(content.content().readSlice(room)))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void swallow(ChannelHandlerContext server, HttpContent content, boolean last) {
    ReferenceCountUtil.release(content);
    if (!last) {
      server.read();
    } else if (side.fault() instanceof ProxyFault.Answer answer) {
      side.send(client, answer);
    } else if (side.fault() instanceof ProxyFault.LoseReply) {
      FaultProxy.end(client);
    }
  }

  private void pass(ChannelHandlerContext server, Object message, int bytes) {
    client
        .writeAndFlush(message)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                long pauseNanos = side.pauseNanos(bytes);
                Future<?> _ =
                    server.executor().schedule(server::read, pauseNanos, TimeUnit.NANOSECONDS);
              } else {
                FaultProxy.end(server);
              }
            });
  }
}
