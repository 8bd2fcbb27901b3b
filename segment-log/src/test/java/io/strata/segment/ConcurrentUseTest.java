package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.mem.MemStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everybody at once: appends, entries being cut, segments going to the store, and readers. */
@Timeout(120)
class ConcurrentUseTest {
  private static final int WRITERS = 4;
  private static final int READERS = 4;
  private static final int APPENDS = 400;

  private record Written(Placement at, long seed, int length) {}

  private final TestLog test = new TestLog(new MemStore());
  private final ConcurrentLinkedQueue<Written> written = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong attachedInline = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();

  @Test
  void readersNeverMissAndNeverSeeOtherBytes() throws Exception {
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      long seed = w;
      writers.add(start(() -> write(seed)));
    }
    List<FutureTask<Void>> others = new ArrayList<>();
    for (int r = 0; r < READERS; r++) {
      long seed = r;
      others.add(start(() -> read(seed)));
    }
    others.add(start(this::release));
    others.add(start(this::cutEntries));
    for (FutureTask<Void> writer : writers) {
      writer.get();
    }
    over.set(true);
    for (FutureTask<Void> other : others) {
      other.get();
    }
    test.flush();
    for (Written run : written) {
      assertThat(test.read(run.at(), run.length())).isEqualTo(Bytes.text(run.seed(), run.length()));
    }
    assertThat(reads.get()).isPositive();
    assertThat(test.log.dirtyBytes()).isZero();
    test.close();
  }

  private void write(long seed) throws Exception {
    RandomGenerator random = random(seed);
    for (int i = 0; i < APPENDS; i++) {
      int length = random.nextInt(1, 20_000);
      long content = random.nextLong();
      test.log.admit(length);
      Placement at = test.append(Bytes.text(content, length));
      written.add(new Written(at, content, length));
    }
  }

  private void read(long seed) throws Exception {
    RandomGenerator random = random(100 + seed);
    while (!over.get()) {
      List<Written> known = List.copyOf(written);
      if (known.isEmpty()) {
        Thread.onSpinWait();
        continue;
      }
      Written run = known.get(random.nextInt(known.size()));
      byte[] bytes = new byte[run.length()];
      MemorySegment target = MemorySegment.ofArray(bytes);
      if (!test.log.readResident(run.at().nonce(), run.at().logicalOffset(), target)) {
        SegmentIndex index = test.events.sealed.get(run.at().nonce());
        if (index == null) {
          throw new AssertionError("released, and never announced: " + run.at());
        }
        test.reader.read(index, run.at().logicalOffset(), target);
      }
      assertThat(bytes).isEqualTo(Bytes.text(run.seed(), run.length()));
      reads.incrementAndGet();
    }
  }

  private void release() throws Exception {
    while (!over.get()) {
      test.events.sealed.keySet().forEach(test.log::indexed);
      Thread.sleep(0, 100_000);
    }
  }

  private void cutEntries() throws Exception {
    while (!over.get()) {
      test.log.attach(50_000).inline().forEach(r -> attachedInline.addAndGet(r.bytes().limit()));
      Thread.sleep(1);
    }
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static FutureTask<Void> start(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread.ofPlatform().daemon().start(task);
    return task;
  }
}
