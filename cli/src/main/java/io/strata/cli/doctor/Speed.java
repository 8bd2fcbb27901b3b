package io.strata.cli.doctor;

import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Times puts and gets of small and of large objects, with a number of requests at a time. */
final class Speed {
  static final int SMALL_BYTES = 4 << 10;
  static final int LARGE_BYTES = 4 << 20;

  private final ProbeObjects objects;
  private final Platform platform;
  private final Duration time;

  /** Measures each figure for about {@code time}, or fewer requests if the store is fast. */
  Speed(ProbeObjects objects, Platform platform, Duration time) {
    this.objects = objects;
    this.platform = platform;
    this.time = time;
  }

  /**
   * How one kind of request went.
   *
   * @param requests how many were sent
   * @param p50Nanos half were answered within this time
   * @param p99Nanos 99 % were
   * @param seconds that all together took
   */
  record Figure(int requests, long p50Nanos, long p99Nanos, double seconds) {
    double perSecond() {
      return requests / seconds;
    }

    double mibPerSecond(int bytes) {
      return perSecond() * bytes / (1 << 20);
    }
  }

  /**
   * All figures for a number of requests at a time.
   *
   * @param connections requests at a time
   */
  record Row(
      int connections, Figure smallPut, Figure smallGet, Figure largePut, Figure largeGet) {}

  @FunctionalInterface
  private interface Request {
    void send(int number) throws StoreException;
  }

  Row measure(int connections) throws StoreException, InterruptedException {
    String name = "speed-" + connections + "/";
    List<ObjectKey> small = new ArrayList<>();
    List<ObjectKey> large = new ArrayList<>();
    Figure smallPut = put(name + "s", SMALL_BYTES, connections, 100 + 20 * connections, small);
    Figure smallGet = get(connections, 200 + 40 * connections, small);
    Figure largePut = put(name + "l", LARGE_BYTES, connections, 4 + 2 * connections, large);
    Figure largeGet = get(connections, 8 + 4 * connections, large);
    List<ObjectKey> all = new ArrayList<>(small);
    all.addAll(large);
    objects.delete(all);
    return new Row(connections, smallPut, smallGet, largePut, largeGet);
  }

  private Figure put(String name, int length, int connections, int most, List<ObjectKey> keys)
      throws StoreException, InterruptedException {
    byte[] bytes = new byte[length];
    platform.random().nextBytes(bytes);
    Queue<ObjectKey> stored = new ConcurrentLinkedQueue<>();
    Figure figure =
        time(connections, most, number -> stored.add(objects.putNew(name + number, bytes)));
    keys.addAll(stored);
    return figure;
  }

  private Figure get(int connections, int most, List<ObjectKey> keys)
      throws StoreException, InterruptedException {
    return time(
        connections,
        most,
        number -> objects.store().get(keys.get(number % keys.size()), ByteRange.ALL));
  }

  private Figure time(int connections, int most, Request request)
      throws StoreException, InterruptedException {
    long[] took = new long[most];
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(connections);
    long began = platform.clock().nanoTime();
    long end = began + time.toNanos();
    for (int i = 0; i < connections; i++) {
      platform
          .waiting()
          .execute(
              () -> {
                try {
                  work(request, next, took, end);
                } catch (StoreException | RuntimeException e) {
                  failed.compareAndSet(null, e);
                } finally {
                  done.countDown();
                }
              });
    }
    done.await();
    double seconds = (platform.clock().nanoTime() - began) / 1e9;
    switch (failed.get()) {
      case null -> {}
      case StoreException e -> throw e;
      case Exception e -> throw new IllegalStateException("a request failed", e);
    }
    return figure(took, Math.min(most, next.get()), seconds);
  }

  /** At least one request, so that there is a figure however slow the store is. */
  private void work(Request request, AtomicInteger next, long[] took, long end)
      throws StoreException {
    int number = next.getAndIncrement();
    while (number < took.length) {
      long sent = platform.clock().nanoTime();
      request.send(number);
      long answered = platform.clock().nanoTime();
      took[number] = answered - sent;
      if (answered >= end) {
        return;
      }
      number = next.getAndIncrement();
    }
  }

  private static Figure figure(long[] took, int count, double seconds) {
    long[] sorted = Arrays.copyOf(took, count);
    Arrays.sort(sorted);
    return new Figure(count, quantile(sorted, 0.5), quantile(sorted, 0.99), seconds);
  }

  private static long quantile(long[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(sorted.length * part) - 1)];
  }
}
