package io.strata.fuse.server;

import io.strata.fuse.abi.Lifetimes;
import java.time.Duration;

/**
 * How a session behaves.
 *
 * @param cache what the kernel may keep
 * @param lifetimes how long it may keep names and attributes
 * @param writebackCache whether the kernel may hold written data back and send it later and merged
 * @param extendedAttributes whether there are any; without, the kernel stops asking for them, which
 *     saves one request for each file that is written
 * @param requestBytesMax payload of a READ or WRITE in bytes, a multiple of 4096 from 4096 to 1 MiB
 * @param backgroundMax requests that the kernel sends at a time without a thread that stands for each,
 *     1 to 65535: reading ahead and writing back, up to a quarter of this, and all asynchronous and
 *     most direct I/O. While so many wait the kernel sends no other such, so that even a read of what
 *     is in memory here stands behind them
 * @param slowAfter requests that take longer are logged
 */
public record SessionOptions(
    CacheMode cache,
    Lifetimes lifetimes,
    boolean writebackCache,
    boolean extendedAttributes,
    int requestBytesMax,
    int backgroundMax,
    Duration slowAfter) {
  /** Unit of requests: the smallest page of any Linux machine. */
  static final int PAGE_BYTES = 4096;

  /** What the protocol's counts and most kernels allow. */
  public static final int REQUEST_BYTES_LIMIT = 1 << 20;

  public SessionOptions {
    if (cache == CacheMode.NEVER && writebackCache) {
      throw new IllegalArgumentException("what is never cached cannot be held back");
    }
    if (requestBytesMax < PAGE_BYTES
        || requestBytesMax > REQUEST_BYTES_LIMIT
        || requestBytesMax % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "request size " + requestBytesMax + " is no multiple of 4096 up to 1048576");
    }
    if (backgroundMax < 1 || backgroundMax > 0xffff) {
      throw new IllegalArgumentException("background requests: " + backgroundMax);
    }
    if (!slowAfter.isPositive()) {
      throw new IllegalArgumentException("slow after " + slowAfter);
    }
  }

  /** What suits a volume that one kernel mounts. */
  public static SessionOptions standard() {
    return of(CacheMode.ALWAYS).withWritebackCache(true);
  }

  /** What suits a cache mode; nothing is held back. */
  public static SessionOptions of(CacheMode cache) {
    return new SessionOptions(
        cache, cache.lifetimes(), false, true, REQUEST_BYTES_LIMIT, 192, Duration.ofSeconds(10));
  }

  /** The same with other lifetimes. */
  public SessionOptions withLifetimes(Lifetimes lifetimes) {
    return new SessionOptions(
        cache,
        lifetimes,
        writebackCache,
        extendedAttributes,
        requestBytesMax,
        backgroundMax,
        slowAfter);
  }

  /** The same with or without writeback cache. */
  public SessionOptions withWritebackCache(boolean writebackCache) {
    return new SessionOptions(
        cache,
        lifetimes,
        writebackCache,
        extendedAttributes,
        requestBytesMax,
        backgroundMax,
        slowAfter);
  }

  /** The same with or without extended attributes. */
  public SessionOptions withExtendedAttributes(boolean extendedAttributes) {
    return new SessionOptions(
        cache,
        lifetimes,
        writebackCache,
        extendedAttributes,
        requestBytesMax,
        backgroundMax,
        slowAfter);
  }

  /** The same with other patience. */
  public SessionOptions withSlowAfter(Duration slowAfter) {
    return new SessionOptions(
        cache,
        lifetimes,
        writebackCache,
        extendedAttributes,
        requestBytesMax,
        backgroundMax,
        slowAfter);
  }
}
