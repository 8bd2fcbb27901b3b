package io.strata.cli.doctor;

import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Lets many writers put different bytes under one name at the same time: one must win. */
final class PutRace {
  private static final int WRITERS = 20;
  private static final int[] OBJECT_BYTES = {1 << 10, 64 << 10, 1 << 20};
  private static final int ROUNDS_EACH = 4;

  private final ProbeObjects objects;
  private final Platform platform;

  PutRace(ProbeObjects objects, Platform platform) {
    this.objects = objects;
    this.platform = platform;
  }

  /** How one writer fared. */
  private enum Fate {
    WON,
    LOST,
    /** No certain answer: it may have won. */
    UNKNOWN
  }

  private record Writer(ByteBuffer bytes, CompletableFuture<Fate> fate) {}

  /** Runs all rounds; returns what was seen. */
  String run() throws StoreException, BrokenPromise, InterruptedException {
    int rounds = 0;
    int unknown = 0;
    for (int bytes : OBJECT_BYTES) {
      for (int i = 0; i < ROUNDS_EACH; i++) {
        unknown += round("race-%d-%d".formatted(bytes, i), bytes);
        rounds++;
      }
    }
    return "%d races of %d writers, up to %d KiB each, had one winner each%s"
        .formatted(
            rounds,
            WRITERS,
            OBJECT_BYTES[OBJECT_BYTES.length - 1] >> 10,
            unknown == 0 ? "" : "; " + unknown + " answers were no certain ones");
  }

  private int round(String name, int length)
      throws StoreException, BrokenPromise, InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      byte[] bytes = new byte[length];
      platform.random().nextBytes(bytes);
      Writer writer = new Writer(ByteBuffer.wrap(bytes), new CompletableFuture<>());
      writers.add(writer);
      platform.waiting().execute(() -> put(name, writer, start));
    }
    start.countDown();
    List<Writer> won = new ArrayList<>();
    List<Writer> unknown = new ArrayList<>();
    for (Writer writer : writers) {
      switch (fate(writer)) {
        case WON -> won.add(writer);
        case UNKNOWN -> unknown.add(writer);
        case LOST -> {}
      }
    }
    judge(objects.key(name), won, unknown);
    return unknown.size();
  }

  private void put(String name, Writer writer, CountDownLatch start) {
    try {
      start.await();
      objects.putNew(name, writer.bytes().array());
      writer.fate().complete(Fate.WON);
    } catch (StoreException.Exists e) {
      writer.fate().complete(Fate.LOST);
    } catch (StoreException.Unavailable e) {
      writer.fate().complete(Fate.UNKNOWN);
    } catch (StoreException | RuntimeException | InterruptedException e) {
      writer.fate().completeExceptionally(e);
    }
  }

  private static Fate fate(Writer writer) throws StoreException, InterruptedException {
    try {
      return writer.fate().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw cause;
      }
      throw new IllegalStateException("a writer failed", e.getCause());
    }
  }

  private void judge(ObjectKey key, List<Writer> won, List<Writer> unknown)
      throws StoreException, BrokenPromise {
    if (won.size() > 1) {
      throw new BrokenPromise(
          "%d of %d writers of one name were all told that they had put it: two owners of a volume"
                  .formatted(won.size(), WRITERS)
              + " could both believe that they are the only one");
    }
    List<Writer> candidates = won.isEmpty() ? unknown : won;
    ByteBuffer stored;
    try {
      stored = objects.store().get(key, ByteRange.ALL);
    } catch (StoreException.Missing e) {
      throw new BrokenPromise("of " + WRITERS + " writers of one name none has put it");
    }
    if (candidates.stream().noneMatch(writer -> writer.bytes().equals(stored))) {
      throw new BrokenPromise("a name holds the bytes of a writer that was told it had lost");
    }
  }
}
