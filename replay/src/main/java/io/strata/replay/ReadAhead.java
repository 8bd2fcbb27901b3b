package io.strata.replay;

import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * Reads consecutive entries, the more ahead the longer the log proves to be: nothing is read ahead
 * of the first, so that an empty log costs one request, and a long one a quarter too many at most.
 * Confined to one thread.
 */
final class ReadAhead {
  /** Entries that any log is worth. */
  private static final int AHEAD_SOON = 8;

  /** Entries on their way at most. */
  static final int AHEAD_MAX = 32;

  /** Longer entries than this are read no more than {@link #AHEAD_SOON} ahead: some 32 MiB. */
  private static final int SHORT_BYTES_MAX = 1 << 20;

  /** Reads one entry. */
  @FunctionalInterface
  interface Source {
    LogEntry read(LogPosition position) throws StoreException;
  }

  private final Source source;
  private final Executor waiting;
  private final long end;
  private final Deque<CompletableFuture<LogEntry>> reading = new ArrayDeque<>();
  private LogPosition nextToRead;
  private int window;
  private long read;
  private boolean allShort = true;

  /** Reads from {@code first} on, and nothing from sequence {@code end} on. */
  ReadAhead(Source source, Executor waiting, LogPosition first, long end) {
    this.source = source;
    this.waiting = waiting;
    this.nextToRead = first;
    this.end = end;
  }

  /** The next entry; its error, if reading it failed. */
  LogEntry next() throws StoreException {
    LogEntry entry = reading.isEmpty() ? source.read(take()) : await(reading.removeFirst());
    if (entry instanceof LogEntry.Groups groups) {
      read++;
      allShort &= groups.bytes() <= SHORT_BYTES_MAX;
      int windowMax = allShort ? Math.clamp(read / 4, AHEAD_SOON, AHEAD_MAX) : AHEAD_SOON;
      window = Math.min(windowMax, Math.max(1, window * 2));
      while (reading.size() < window && nextToRead.sequence() < end) {
        reading.addLast(start(take()));
      }
    }
    return entry;
  }

  /** Waits for the requests that are still under way, whose results nobody wants. */
  void settle() {
    CompletableFuture.allOf(reading.toArray(CompletableFuture<?>[]::new))
        .handle((done, why) -> true)
        .join();
  }

  private LogPosition take() {
    LogPosition position = nextToRead;
    nextToRead = position.next();
    return position;
  }

  private CompletableFuture<LogEntry> start(LogPosition position) {
    CompletableFuture<LogEntry> result = new CompletableFuture<>();
    waiting.execute(
        () -> {
          try {
            result.complete(source.read(position));
          } catch (StoreException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static LogEntry await(CompletableFuture<LogEntry> result) throws StoreException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while reading the log", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException why) {
        throw why;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
