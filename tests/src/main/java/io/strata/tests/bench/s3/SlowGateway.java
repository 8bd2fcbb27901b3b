package io.strata.tests.bench.s3;

import io.strata.tests.proxy.FaultProxy;
import io.strata.tests.proxy.ProxyFault;
import io.strata.tests.proxy.ProxyPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * An S3 server behind a proxy that holds every request for some time and counts it, whoever sends
 * it. Safe for use by any thread.
 */
final class SlowGateway implements AutoCloseable {
  private final FaultProxy proxy;
  private final Map<String, LongAdder> counts;

  private SlowGateway(FaultProxy proxy, Map<String, LongAdder> counts) {
    this.proxy = proxy;
    this.counts = counts;
  }

  static SlowGateway start(URI server, Duration delay) throws IOException {
    Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    ProxyPlan.Treatment late = new ProxyPlan.Treatment(delay, ProxyFault.PASS);
    FaultProxy proxy =
        FaultProxy.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            server,
            request -> {
              counts.computeIfAbsent(request.method(), any -> new LongAdder()).increment();
              return late;
            });
    return new SlowGateway(proxy, counts);
  }

  URI endpoint() {
    return proxy.endpoint();
  }

  /** Requests until now, by HTTP method. */
  Requests requests() {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((method, count) -> sums.put(method, count.sum()));
    return new Requests(sums);
  }

  @Override
  public void close() {
    proxy.close();
  }

  /** Requests by HTTP method. */
  record Requests(Map<String, Long> byMethod) {
    long of(String method) {
      return byMethod.getOrDefault(method, 0L);
    }

    Requests since(Requests earlier) {
      Map<String, Long> more = new TreeMap<>();
      byMethod.forEach((method, count) -> more.put(method, count - earlier.of(method)));
      return new Requests(more);
    }

    long sum() {
      return byMethod.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
