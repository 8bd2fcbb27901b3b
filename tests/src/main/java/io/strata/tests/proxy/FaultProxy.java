package io.strata.tests.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The proxy: listens, and forwards every request to one server, as its plan says. Each connection
 * has its own behind it. Safe for use by any thread.
 */
public final class FaultProxy implements AutoCloseable {
  static final int LINE_BYTES_MAX = 16 << 10;
  static final int HEADERS_BYTES_MAX = 64 << 10;
  static final int PIECE_BYTES_MAX = 128 << 10;

  private final EventLoopGroup loops;
  private final Upstream upstream;
  private final ProxyPlan plan;
  private final @Nullable SslContext tls;
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicLong accepted = new AtomicLong();
  private InetSocketAddress address;
  private @Nullable Listener listener;

  private FaultProxy(
      InetSocketAddress address, Upstream upstream, ProxyPlan plan, @Nullable SslContext tls) {
    this.loops = new NioEventLoopGroup(0, new DefaultThreadFactory("store-proxy", true));
    this.address = address;
    this.upstream = upstream;
    this.plan = plan;
    this.tls = tls;
  }

  /**
   * What accepts connections, on a loop of its own. A channel that a selector knows is closed in full
   * only when the selector has looked again: until then the kernel goes on accepting. A loop that has
   * ended has closed its selector, and all that it knew.
   */
  private static final class Listener {
    final EventLoopGroup loop =
        new NioEventLoopGroup(1, new DefaultThreadFactory("store-proxy-accept", true));
    volatile boolean accepting = true;

    void close() {
      accepting = false;
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** Where requests go. */
  record Upstream(String host, int port) {
    static Upstream of(URI server) {
      if (!"http".equals(server.getScheme()) || server.getHost() == null) {
        throw new IllegalArgumentException(server + " must be like http://host:port");
      }
      return new Upstream(server.getHost(), server.getPort() < 0 ? 80 : server.getPort());
    }
  }

  /**
   * Starts a proxy.
   *
   * @param listen where; port 0 for any that is free
   * @param server the server, {@code http://host:port}
   */
  public static FaultProxy start(InetSocketAddress listen, URI server, ProxyPlan plan)
      throws IOException {
    return start(listen, server, plan, null);
  }

  /**
   * Starts a proxy that speaks TLS to its clients, unless {@code tls} is null.
   *
   * @param listen where; port 0 for any that is free
   * @param server the server, {@code http://host:port}
   */
  public static FaultProxy start(
      InetSocketAddress listen, URI server, ProxyPlan plan, @Nullable SslContext tls)
      throws IOException {
    FaultProxy proxy = new FaultProxy(listen, Upstream.of(server), plan, tls);
    proxy.accept();
    return proxy;
  }

  /** Where it listens, as clients write it. */
  public synchronized URI endpoint() {
    String scheme = tls == null ? "http" : "https";
    return URI.create(scheme + "://" + address.getHostString() + ":" + address.getPort());
  }

  /** How many connections were accepted since the start. */
  public long accepted() {
    return accepted.get();
  }

  /** How many connections are open. */
  public int open() {
    return clients.size();
  }

  /** Closes every connection, whatever is under way on it. */
  public void closeConnections() {
    clients.close().awaitUninterruptibly();
  }

  /** Refuses connections from now on, and closes those that there are. */
  public synchronized void refuse() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
    closeConnections();
  }

  /** Accepts connections again, at the same address. */
  public synchronized void accept() throws IOException {
    if (listener != null) {
      return;
    }
    Listener next = new Listener();
    try {
      address = (InetSocketAddress) bootstrap(next).bind(address).sync().channel().localAddress();
      listener = next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before it listened at " + address, e);
    } finally {
      if (listener != next) {
        next.close();
      }
    }
  }

  @Override
  public void close() {
    refuse();
    Future<?> _ = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
  }

  /** Closes a connection without waiting for it. */
  static void end(ChannelOutboundInvoker connection) {
    ChannelFuture _ = connection.close();
  }

  private ServerBootstrap bootstrap(Listener by) {
    return new ServerBootstrap()
        .group(by.loop, loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(PIECE_BYTES_MAX))
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel client) {
                accepted.incrementAndGet();
                clients.add(client);
                if (!by.accepting) {
                  // It was accepted while all others were being closed.
                  end(client);
                  return;
                }
                if (tls != null) {
                  client.pipeline().addLast(tls.newHandler(client.alloc()));
                }
                client
                    .pipeline()
                    .addLast(
                        ClientSide.CODEC,
                        new HttpServerCodec(LINE_BYTES_MAX, HEADERS_BYTES_MAX, PIECE_BYTES_MAX))
                    // Hands over one message for each read that was asked for.
                    .addLast(new FlowControlHandler())
                    .addLast(new ClientSide(upstream, plan));
              }
            });
  }
}
