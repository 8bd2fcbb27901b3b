package io.strata.tests.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.strata.tests.proxy.ProxyPlan.Treatment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection from a client: takes its requests, one after the other. Confined to its event
 * loop, which it shares with the {@link ServerSide} behind it.
 *
 * <p>It reads a message only when the one before is dealt with, so a slow receiver slows the sender
 * down, and memory is bounded.
 */
final class ClientSide extends ChannelInboundHandlerAdapter {
  static final String CODEC = "http";

  private static final int PACED_BYTES = 64 << 10;

  private final FaultProxy.Upstream upstream;
  private final ProxyPlan plan;
  // What came of a request before its head was dealt with: a read may be asked for once more than
  // there was need, for the sake of the end of the connection.
  private final Queue<HttpContent> early = new ArrayDeque<>();
  private @Nullable Channel server;
  private ProxyFault fault = ProxyFault.PASS;
  private boolean begun;
  private boolean forwarding;
  private boolean requestEnded = true;

  ClientSide(FaultProxy.Upstream upstream, ProxyPlan plan) {
    this.upstream = upstream;
    this.plan = plan;
  }

  /** What becomes of the request under way. */
  ProxyFault fault() {
    return fault;
  }

  /** Whether all of the request under way has arrived. */
  boolean requestEnded() {
    return requestEnded;
  }

  @Override
  public void channelActive(ChannelHandlerContext client) {
    client.read();
  }

  @Override
  public void channelInactive(ChannelHandlerContext client) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    if (server != null) {
      FaultProxy.end(server);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    // A connection that broke, or what is no HTTP: there is nobody left to tell.
    FaultProxy.end(client);
  }

  @Override
  public void channelRead(ChannelHandlerContext client, Object message) {
    switch (message) {
      case HttpRequest request -> take(client, request);
      case HttpContent content -> take(client, content);
      default -> throw new IllegalStateException("the codec yields " + message.getClass());
    }
  }

  private void take(ChannelHandlerContext client, HttpRequest request) {
    // The end of a request without a body is a message too, and the reply may be quicker.
    requestEnded =
        HttpUtil.getContentLength(request, 0L) == 0 && !HttpUtil.isTransferEncodingChunked(request);
    if (request.decoderResult().isFailure()) {
      // TLS, perhaps: this is what servers say to it.
      send(client.channel(), new ProxyFault.Answer(false, 400, "BadRequest", Map.of()));
      return;
    }
    begun = false;
    Treatment treatment = plan.decide(describe(request));
    fault = treatment.fault();
    Runnable begin = () -> begin(client, request);
    Future<?> _ =
        client.executor().schedule(begin, treatment.delay().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void begin(ChannelHandlerContext client, HttpRequest request) {
    forwarding =
        switch (fault) {
          case ProxyFault.Drop drop -> false;
          case ProxyFault.Hang hang -> hang.forwarded();
          case ProxyFault.Answer answer -> answer.forwarded();
          case ProxyFault.Pass pass -> true;
          case ProxyFault.LoseReply lose -> true;
          case ProxyFault.CutHead cut -> true;
          case ProxyFault.CutBody cut -> true;
          case ProxyFault.Pace pace -> true;
        };
    if (fault instanceof ProxyFault.Pace) {
      // Or the kernel would take megabytes at once, and a sender would see a pause and not a pace.
      client.channel().config().setOption(ChannelOption.SO_RCVBUF, PACED_BYTES);
    }
    if (fault instanceof ProxyFault.Drop) {
      FaultProxy.end(client);
    } else if (forwarding) {
      forward(client, request);
    } else if (fault instanceof ProxyFault.Answer answer
        && HttpUtil.is100ContinueExpected(request)) {
      // It waits for leave to send its body, and gets this instead.
      send(client.channel(), answer);
    } else {
      goOn(client);
    }
  }

  /** The head of a request is dealt with: its body is next. */
  private void goOn(ChannelHandlerContext client) {
    begun = true;
    if (early.isEmpty()) {
      client.read();
    }
    while (!early.isEmpty()) {
      take(client, early.remove());
    }
  }

  private void take(ChannelHandlerContext client, HttpContent content) {
    if (!begun) {
      early.add(content);
      return;
    }
    boolean last = content instanceof LastHttpContent;
    requestEnded = last;
    int bytes = content.content().readableBytes();
    if (forwarding && server != null) {
      server.writeAndFlush(content).addListener(done -> readOn(client, bytes, done.isSuccess()));
      return;
    }
    ReferenceCountUtil.release(content);
    if (last && fault instanceof ProxyFault.Answer answer) {
      send(client.channel(), answer);
    } else {
      client.read();
    }
  }

  private void readOn(ChannelHandlerContext client, int bytes, boolean written) {
    if (!written) {
      FaultProxy.end(client);
    } else {
      // Behind the last piece as well: so that the end of the connection shows.
      Future<?> _ =
          client.executor().schedule(client::read, pauseNanos(bytes), TimeUnit.NANOSECONDS);
    }
  }

  /** How long to wait after so many bytes of a body. */
  long pauseNanos(int bytes) {
    return fault instanceof ProxyFault.Pace(long bytesPerSecond)
        ? bytes * 1_000_000_000L / bytesPerSecond
        : 0;
  }

  private void forward(ChannelHandlerContext client, HttpRequest request) {
    if (server != null && server.isActive()) {
      forwardHead(client, request, server);
      return;
    }
    ChannelFuture connecting = connect(client);
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            server = connecting.channel();
            forwardHead(client, request, server);
          } else {
            FaultProxy.end(client);
          }
        });
  }

  private void forwardHead(ChannelHandlerContext client, HttpRequest request, Channel to) {
    to.writeAndFlush(request)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                goOn(client);
              } else {
                FaultProxy.end(client);
              }
            });
    to.read();
  }

  private ChannelFuture connect(ChannelHandlerContext client) {
    return new Bootstrap()
        .group(client.channel().eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_READ, false)
        .option(
            ChannelOption.RCVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(FaultProxy.PIECE_BYTES_MAX))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new HttpClientCodec(
                            FaultProxy.LINE_BYTES_MAX,
                            FaultProxy.HEADERS_BYTES_MAX,
                            FaultProxy.PIECE_BYTES_MAX))
                    .addLast(new FlowControlHandler())
                    .addLast(new ServerSide(ClientSide.this, client.channel()));
              }
            })
        .connect(upstream.host(), upstream.port());
  }

  /** The reply is over: takes the next request, or ends the connection. */
  void replied(Channel client, boolean keep) {
    if (keep && requestEnded) {
      client.read();
    } else {
      FaultProxy.end(client);
    }
  }

  /** Answers in the server's place. */
  void send(Channel client, ProxyFault.Answer answer) {
    String body =
        answer.code().isEmpty()
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>by the proxy</Message></Error>"
                .formatted(answer.code());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/xml");
    answer.headers().forEach(response.headers()::set);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    boolean keep = requestEnded;
    if (!keep) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    client
        .writeAndFlush(response)
        .addListener((ChannelFutureListener) done -> replied(client, keep && done.isSuccess()));
  }

  private static ProxyRequest describe(HttpRequest request) {
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, String> header : request.headers()) {
      headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    return new ProxyRequest(request.method().name(), request.uri(), headers);
  }
}
