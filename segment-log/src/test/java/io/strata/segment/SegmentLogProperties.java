package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random work over a store that loses requests and replies, against plain arrays; then a crash at
 * every log entry, of which only what committed entries carry or name is left.
 */
class SegmentLogProperties {
  /** Length of the longest append: some segments hold many, some one. */
  private static final int APPEND_MAX = 150_000;

  sealed interface Step {}

  record Append(int length, boolean compressible) implements Step {}

  record Attach(int inlineBytesMax) implements Step {}

  record Roll() implements Step {}

  record AwaitStored() implements Step {}

  record IndexAll() implements Step {}

  record HoldPuts(boolean hold) implements Step {}

  record Prefetch(int choice) implements Step {}

  /** Bytes that were appended, and where they are. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Run(Placement at, byte[] bytes) {}

  /**
   * A log entry, and what was true when it was cut.
   *
   * @param runs how many runs had been appended
   * @param stored segments that the store may have had
   */
  record Entry(Attachment attachment, int runs, Set<Nonce> stored) {}

  private static final class World implements AutoCloseable {
    final MemStore memory = new MemStore();
    final GatedStore gate;
    final TestLog test;
    final List<Run> runs = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    final Random random;

    World(long seed) {
      random = new Random(seed);
      Random faults = new Random(seed + 1);
      gate =
          new GatedStore(
              new FaultStore(
                  memory,
                  request ->
                      switch (faults.nextInt(8)) {
                        case 0 -> Fault.FAIL_BEFORE;
                        case 1 -> Fault.FAIL_AFTER;
                        default -> Fault.PASS;
                      }));
      test = new TestLog(gate);
    }

    void take(Step step) throws Exception {
      switch (step) {
        case Append(int length, boolean compressible) -> {
          byte[] bytes =
              compressible
                  ? Bytes.text(random.nextLong(), length)
                  : Bytes.random(random.nextLong(), length);
          runs.add(new Run(test.append(bytes), bytes));
        }
        case Attach(int inlineBytesMax) -> attach(inlineBytesMax);
        case Roll() -> test.log.roll();
        case AwaitStored() -> {
          gate.open(Verb.PUT);
          test.awaitStored();
        }
        case IndexAll() -> test.events.sealed.keySet().forEach(test.log::indexed);
        case HoldPuts(boolean hold) -> {
          gate.open(Verb.PUT);
          if (hold) {
            gate.hold(Verb.PUT);
          }
        }
        case Prefetch(int choice) -> {
          List<SegmentIndex> known = List.copyOf(test.events.sealed.values());
          if (!known.isEmpty()) {
            SegmentIndex index = known.get(choice % known.size());
            test.reader.prefetch(index, 0, index.blockCount() - 1);
          }
        }
      }
    }

    private void attach(int inlineBytesMax) {
      Attachment attachment = test.log.attach(inlineBytesMax);
      int inline = attachment.inline().stream().mapToInt(r -> r.bytes().remaining()).sum();
      assertThat(inline).isLessThanOrEqualTo(inlineBytesMax);
      assertThat(test.log.attach(inlineBytesMax).isEmpty()).isTrue();
      Set<Nonce> stored = new HashSet<>();
      for (long i = 0; memory.keys().size() > stored.size() && i < 1000; i++) {
        if (memory.head(ObjectNames.segment(TestLog.nonce(i))).isPresent()) {
          stored.add(TestLog.nonce(i));
        }
      }
      entries.add(new Entry(attachment, runs.size(), stored));
    }

    void readSome() throws Exception {
      if (!runs.isEmpty()) {
        Run run = runs.get(random.nextInt(runs.size()));
        int from = random.nextInt(run.bytes().length);
        int length = 1 + random.nextInt(run.bytes().length - from);
        Placement at = new Placement(run.at().nonce(), run.at().logicalOffset() + from);
        assertThat(read(at, length))
            .isEqualTo(Arrays.copyOfRange(run.bytes(), from, from + length));
      }
    }

    /** Reads, and again after a lost request or reply, which here nobody else does. */
    private byte[] read(Placement at, int length) throws Exception {
      for (int i = 0; ; i++) {
        try {
          return test.read(at, length);
        } catch (StoreException.Unavailable e) {
          if (i == 100) {
            throw e;
          }
        }
      }
    }

    @Override
    public void close() {
      gate.open(Verb.PUT);
      test.close();
    }
  }

  @Property(tries = 150)
  void everythingAppendedCanAlwaysBeRead(@ForAll("steps") List<Step> steps, @ForAll long seed)
      throws Exception {
    try (World world = new World(seed)) {
      for (Step step : steps) {
        world.take(step);
        world.readSome();
      }
      world.gate.open(Verb.PUT);
      world.test.flush();
      world.take(new IndexAll());
      assertThat(world.test.log.dirtyBytes()).isZero();
      assertThat(world.test.log.stats().residentBytes()).isZero();
      assertThat(world.test.events.fenced).isEmpty();
      for (Run run : world.runs) {
        assertThat(world.read(run.at(), run.bytes().length)).isEqualTo(run.bytes());
      }
    }
  }

  @Property(tries = 150)
  void whatCommittedEntriesCarryOrNameIsEnough(@ForAll("steps") List<Step> steps, @ForAll long seed)
      throws Exception {
    try (World world = new World(seed)) {
      for (Step step : steps) {
        world.take(step);
      }
      world.attach(1000);
      world.gate.open(Verb.PUT);
      world.test.flush();
      for (int committed = 0; committed <= world.entries.size(); committed++) {
        crashAfter(world, world.entries.subList(0, committed));
      }
    }
  }

  /** Recovers from these entries, the segments that they name, and what they needed not name. */
  private static void crashAfter(World world, List<Entry> entries) throws Exception {
    Set<Nonce> left = new HashSet<>();
    int runs = 0;
    for (Entry entry : entries) {
      left.addAll(entry.stored());
      entry.attachment().segments().forEach(dependency -> left.add(dependency.nonce()));
      runs = entry.runs();
    }
    MemStore after = world.memory.copy();
    Set<Nonce> used = new HashSet<>();
    world.runs.forEach(run -> used.add(run.at().nonce()));
    for (Nonce nonce : used) {
      if (!left.contains(nonce)) {
        after.delete(List.of(ObjectNames.segment(nonce)));
      }
    }
    BlockReader reader =
        new BlockReader(after, new BlockCache(TestLog.SMALL, TestLog.PLATFORM.clock()), TestLog.SMALL, TestLog.PLATFORM);
    OncePut puts = new OncePut(after, TestLog.PLATFORM);
    for (Run run : world.runs.subList(0, runs)) {
      Nonce nonce = run.at().nonce();
      List<InlineRun> inline =
          entries.stream()
              .flatMap(entry -> entry.attachment().inline().stream())
              .filter(r -> r.nonce().equals(nonce))
              .toList();
      SegmentIndex index = RecoveredSegment.put(puts, after, TestLog.VOLUME, nonce, inline);
      byte[] bytes = new byte[run.bytes().length];
      reader.read(index, run.at().logicalOffset(), Bytes.segment(bytes));
      assertThat(bytes).isEqualTo(run.bytes());
    }
  }

  @Provide
  static Arbitrary<List<Step>> steps() {
    Arbitrary<Step> append =
        Arbitraries.integers()
            .between(1, APPEND_MAX)
            .flatMap(n -> Arbitraries.of(true, false).map(text -> new Append(n, text)));
    Arbitrary<Step> small = Arbitraries.integers().between(1, 3000).map(n -> new Append(n, true));
    Arbitrary<Step> attach = Arbitraries.integers().between(0, 20_000).map(Attach::new);
    return Arbitraries.frequencyOf(
            Tuple.of(6, append),
            Tuple.of(6, small),
            Tuple.of(5, attach),
            Tuple.of(2, Arbitraries.just(new Roll())),
            Tuple.of(2, Arbitraries.just(new AwaitStored())),
            Tuple.of(3, Arbitraries.just(new IndexAll())),
            Tuple.of(2, Arbitraries.of(true, false).map(HoldPuts::new)),
            Tuple.of(1, Arbitraries.integers().between(0, 99).map(Prefetch::new)))
        .list()
        .ofMaxSize(40);
  }
}
