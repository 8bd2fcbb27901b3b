package io.strata.replay;

import static io.strata.replay.LogFixture.EPOCH;
import static io.strata.replay.LogFixture.HEAD;
import static io.strata.replay.LogFixture.START;
import static io.strata.replay.LogFixture.VOLUME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.LogEntry;
import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever the store does, and wherever the owner dies: what a new owner recovers is a prefix of
 * what was appended, and holds everything that was acknowledged.
 */
final class ReplayFaultProperties {
  private static final Platform PLATFORM = SystemPlatform.create();
  private static final Backoff QUICKLY =
      new Backoff(Duration.ofNanos(100_000), Duration.ofMillis(1));
  private static final Body TOMBSTONE = Body.of("tombstone".getBytes(UTF_8));
  private static final Body SEGMENT = Body.of("segment".getBytes(UTF_8));
  private static final int WRITERS = 4;

  @Property(tries = 60)
  void recoveryFindsAPrefixWithEverythingAcknowledged(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int crashAt,
      @ForAll boolean effectBeforeCrash)
      throws Exception {
    MemStore memory = new MemStore();
    Fault crash = effectBeforeCrash ? Fault.CRASH_AFTER : Fault.CRASH_BEFORE;
    FaultStore store = new FaultStore(memory, failing(seed, crashAt, crash));
    Writers writers = new Writers(store, seed);
    writers.runUntilCrash();
    List<String> recovered = takeOver(memory, new Epoch(4));
    assertPrefix(recovered, writers);
  }

  /** The old owner lives, and its puts go on while the new one takes over. */
  @Property(tries = 60)
  void aTakeoverFromALivingOwnerLosesNothingAcknowledged(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int after) throws Exception {
    MemStore memory = new MemStore();
    CountDownLatch reached = new CountDownLatch(after);
    FaultPlan faults = failing(seed, Integer.MAX_VALUE, Fault.PASS);
    FaultStore store =
        new FaultStore(
            memory,
            request -> {
              reached.countDown();
              return faults.decide(request);
            });
    Writers writers = new Writers(store, seed);
    writers.start();
    reached.await();
    List<String> recovered = takeOver(memory, new Epoch(4));
    writers.awaitEnd();
    assertThat(writers.fenced()).isTrue();
    assertPrefix(recovered, writers);
    assertThat(takeOver(memory, new Epoch(5))).isEqualTo(recovered);
  }

  private static FaultPlan failing(long seed, long crashAt, Fault crash) {
    Random random = new Random(seed);
    return request -> {
      if (request.sequence() == crashAt) {
        return crash;
      }
      int dice = random.nextInt(10);
      return dice == 0 ? Fault.FAIL_BEFORE : dice == 1 ? Fault.FAIL_AFTER : Fault.PASS;
    };
  }

  private static List<String> takeOver(MemStore memory, Epoch by) throws IOException {
    LogReader reader = new LogReader(memory, VOLUME, PLATFORM);
    OncePut once = new OncePut(memory, PLATFORM);
    List<String> groups = new ArrayList<>();
    LogEnd end =
        LogFence.readAndFence(
            reader,
            once,
            VOLUME,
            START,
            HEAD,
            by,
            "b",
            entry -> counts(entry, once) && groups.addAll(LogFixture.texts(entry)));
    assertThat(end).isInstanceOfAny(LogEnd.Fenced.class, LogEnd.Stopped.class);
    assertThat(end.position().epoch()).isEqualTo(EPOCH);
    return groups;
  }

  /** Whether all segments are there; one that is not will never be. */
  private static boolean counts(LogEntry.Groups entry, OncePut once) throws IOException {
    for (Dependency segment : entry.dependencies()) {
      if (once.put(ObjectNames.segment(segment.nonce()), TOMBSTONE) == OncePut.Outcome.STORED) {
        return false;
      }
    }
    return true;
  }

  private static void assertPrefix(List<String> recovered, Writers writers) {
    List<String> appended = writers.appended();
    assertThat(recovered.size()).isBetween((int) writers.acknowledged(), appended.size());
    assertThat(recovered).isEqualTo(appended.subList(0, recovered.size()));
  }

  /** Several callers that append and sometimes sync, until the log has failed. */
  private static final class Writers {
    private final FaultStore store;
    private final ReplayLog log;
    private final long seed;
    private final List<String> appended = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final CountDownLatch running = new CountDownLatch(WRITERS);
    private volatile boolean fenced;

    Writers(FaultStore store, long seed) {
      this.store = store;
      this.seed = seed;
      OncePut once = new OncePut(store, PLATFORM, QUICKLY);
      this.log =
          new ReplayLog(
              store,
              once,
              VOLUME,
              START,
              HEAD,
              new Segments(
                  new OncePut(store, PLATFORM, QUICKLY.within(Duration.ofSeconds(10))),
                  new Random(seed)),
              new ReplaySizes(1 << 10, 3, 1 << 12, Duration.ofMillis(1)),
              PLATFORM,
              ReplayEvents.NONE);
    }

    void start() {
      for (int i = 0; i < WRITERS; i++) {
        Random random = new Random(seed + i);
        PLATFORM.waiting().execute(() -> write(random));
      }
    }

    void runUntilCrash() throws InterruptedException {
      start();
      while (!store.crashed()) {
        Thread.sleep(1);
      }
      log.close();
      awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
      running.await();
    }

    private void write(Random random) {
      try {
        while (true) {
          log.admit();
          long group = append("%d %s".formatted(random.nextInt(), "x".repeat(random.nextInt(200))));
          if (random.nextInt(3) == 0) {
            log.sync(group);
            acknowledged.accumulateAndGet(group, Math::max);
          }
        }
      } catch (ReplayFailure.Fenced e) {
        fenced = true;
      } catch (ReplayFailure.Closed e) {
        assertThat(store.crashed()).isTrue();
      } catch (ReplayFailure e) {
        throw new AssertionError(e);
      } finally {
        running.countDown();
      }
    }

    /** Appends as an engine does: in the order of the operations. */
    private synchronized long append(String group) throws ReplayFailure {
      long number = log.append(group.getBytes(UTF_8));
      appended.add(group);
      assertThat(number).isEqualTo(appended.size());
      return number;
    }

    synchronized List<String> appended() {
      return List.copyOf(appended);
    }

    long acknowledged() {
      return acknowledged.get();
    }

    boolean fenced() {
      return fenced;
    }
  }

  /** File data that is put beside the log, in a segment for every other entry. */
  private record Segments(OncePut once, Random random) implements EntryData {
    @Override
    public Attachment attach() {
      if (random.nextBoolean()) {
        return Attachment.NONE;
      }
      Nonce nonce = Nonce.of(EPOCH, random.nextInt(Integer.MAX_VALUE));
      CompletableFuture<Void> stored = new CompletableFuture<>();
      PLATFORM.waiting().execute(() -> put(nonce, stored));
      Dependency segment = new Dependency(nonce, SEGMENT.length());
      return new Attachment(List.of(), List.of(new PendingSegment(segment, stored)));
    }

    private void put(Nonce nonce, CompletableFuture<Void> stored) {
      try {
        switch (once.put(ObjectNames.segment(nonce), SEGMENT)) {
          case STORED -> stored.complete(null);
          case TAKEN -> stored.completeExceptionally(new IllegalStateException("tombstone"));
        }
      } catch (StoreException e) {
        stored.completeExceptionally(e);
      }
    }
  }
}
