package io.strata.tests.bench.s3;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The store's client with nothing above it: an object for each sync, and large files as objects of
 * the size of a segment, as many at a time as a volume sends. The most that anything can reach.
 */
final class BareClient implements Subject {
  /** As many as a volume's uploads. */
  private static final int CONNECTIONS = 8;

  private static final int OBJECT_MIB = 16;

  /** What a log entry has beside the data of one append, about. */
  private static final int ENTRY_BYTES = 512;

  private final ObjectStore store;
  private final AtomicLong names = new AtomicLong();

  BareClient(ObjectStore store) {
    this.store = store;
  }

  @Override
  public String name() {
    return "bare";
  }

  @Override
  public SyncedFile file(String name) {
    Body body = Body.of(new byte[SMALL_BYTES + ENTRY_BYTES]);
    return new SyncedFile() {
      @Override
      public void append() throws IOException {
        ObjectKey key = new ObjectKey(name + "/" + names.incrementAndGet());
        store.put(key, body, Condition.ABSENT);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void write(String name, int mib) throws IOException {
    List<ByteBuffer> parts =
        IntStream.range(0, OBJECT_MIB).mapToObj(i -> ByteBuffer.wrap(Payload.mebibyte(i))).toList();
    Body body = Body.of(parts);
    inParallel(mib / OBJECT_MIB, i -> store.put(object(name, i), body, Condition.ABSENT));
  }

  @Override
  public void read(String name, int mib) throws IOException {
    inParallel(
        mib / OBJECT_MIB,
        i -> {
          if (store.get(object(name, i), ByteRange.ALL).remaining() != OBJECT_MIB * Payload.MIB) {
            throw new IOException(name + " is cut off");
          }
        });
  }

  @Override
  public void directory(String name) {}

  @Override
  public void create(String name, boolean synced) throws IOException {
    store.put(new ObjectKey(name), Body.of(Payload.small()), Condition.ABSENT);
  }

  @Override
  public void readSmall(String name) throws IOException {
    if (store.get(new ObjectKey(name), ByteRange.ALL).remaining() != SMALL_BYTES) {
      throw new IOException(name + " is cut off");
    }
  }

  @Override
  public void settle() {}

  @Override
  public void makeCold() {}

  @Override
  public void close() {
    store.close();
  }

  private static ObjectKey object(String name, int i) {
    return new ObjectKey(name + "/" + i);
  }

  /** One request of several. */
  @FunctionalInterface
  private interface Request {
    void send(int i) throws IOException;
  }

  private static void inParallel(int count, Request request) throws IOException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(CONNECTIONS, Thread.ofVirtual().factory())) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        sent.add(
            threads.submit(
                () -> {
                  request.send(number);
                  return number;
                }));
      }
      for (Future<?> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
