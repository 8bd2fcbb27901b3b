package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.segment.format.SegmentIndex;
import io.strata.segment.format.SummaryRun;
import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectNames;
import io.strata.store.Verb;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmentLogTest {
  private final MemStore memory = new MemStore();
  private final GatedStore store = new GatedStore(memory);
  private final TestLog test = new TestLog(store);
  private final SegmentLog log = test.log;

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void appendedBytesAreThereAtOnceAndForEver() throws Exception {
    byte[] first = Bytes.text(1, 100_000);
    byte[] second = Bytes.random(2, 70_000);
    Placement one = test.append(first);
    Placement two = test.append(second);
    assertThat(two).isEqualTo(new Placement(one.nonce(), 100_000));
    assertThat(test.read(one, first.length)).isEqualTo(first);
    assertThat(test.read(two, second.length)).isEqualTo(second);

    List<SegmentIndex> stored = test.flush();
    assertThat(stored).hasSize(1);
    assertThat(log.readResident(one.nonce(), 0, MemorySegment.ofArray(new byte[1]))).isFalse();
    assertThat(test.read(one, first.length)).isEqualTo(first);
    assertThat(test.read(two, second.length)).isEqualTo(second);
    assertThat(store.requests(Verb.GET)).as("the blocks went into the cache").isZero();
    assertThat(store.requests(Verb.PUT)).isEqualTo(1);
  }

  @Test
  void theObjectIsFramedAndAsLongAsItsIndexSays() throws Exception {
    Placement at = test.append(Bytes.text(1, 200_000));
    SegmentIndex index = test.flush().getFirst();
    var key = ObjectNames.segment(at.nonce());
    var whole = memory.get(key, ByteRange.ALL);
    assertThat((long) whole.remaining()).isEqualTo(index.objectLength());
    Frame.open(whole, FrameKind.SEGMENT, TestLog.VOLUME, key);
    assertThat(BlockReader.readIndex(memory, TestLog.VOLUME, at.nonce())).isEqualTo(index);
    assertThat(index.storedBytes()).as("text is compressed").isLessThan(150_000);
  }

  @Test
  void aSegmentIsSealedOnceItIsLargeEnoughAndNeverCutsARun() throws Exception {
    Placement one = test.append(new byte[(256 << 10) - 1]);
    Placement two = test.append(Bytes.random(3, 300_000));
    Placement three = test.append(new byte[10]);
    assertThat(two.nonce()).isEqualTo(one.nonce());
    assertThat(three.nonce()).isNotEqualTo(one.nonce());
    assertThat(three.logicalOffset()).isZero();
    assertThat(test.awaitStored()).hasSize(1);
    assertThat(log.openBytes()).isEqualTo(10);
    assertThat(test.read(two, 300_000)).isEqualTo(Bytes.random(3, 300_000));
  }

  @Test
  void aSegmentOfVeryManyRunsIsSealedToo() {
    for (int i = 0; i < 1000; i++) {
      assertThat(log.unacknowledged()).isEmpty();
      log.append(Bytes.segment(new byte[1]), i, 0);
    }
    assertThat(log.openBytes()).isZero();
  }

  @Test
  void theSummarySaysWhoseBytesTheyAreAndJoinsWhatContinues() throws Exception {
    Placement at = log.append(Bytes.segment(new byte[100]), 7, 0);
    log.append(Bytes.segment(new byte[50]), 7, 100); // continues
    log.append(Bytes.segment(new byte[10]), 8, 150); // another file
    log.append(Bytes.segment(new byte[10]), 7, 150); // not side by side in the segment
    log.append(Bytes.segment(new byte[10]), 7, 150); // an overwrite
    test.flush();
    assertThat(BlockReader.readFooter(memory, TestLog.VOLUME, at.nonce()).summary())
        .containsExactly(
            new SummaryRun(7, 0, 0, 150),
            new SummaryRun(8, 150, 150, 10),
            new SummaryRun(7, 150, 160, 10),
            new SummaryRun(7, 150, 170, 10));
  }

  @Test
  void rollOfNothingDoesNothing() {
    log.roll();
    log.roll();
    assertThat(log.unacknowledged()).isEmpty();
    assertThat(store.requests(Verb.PUT)).isZero();
  }

  @Test
  void bytesStayInMemoryUntilStoredAndIndexed() throws Exception {
    store.hold(Verb.PUT);
    Placement at = test.append(new byte[1000]);
    log.roll();
    SealedSegment sealed = log.unacknowledged().getFirst();
    sealed.index().get();
    log.indexed(at.nonce());
    assertThat(log.readResident(at.nonce(), 0, Bytes.segment(new byte[1000]))).isTrue();
    store.open(Verb.PUT);
    sealed.stored().get();
    assertThat(log.readResident(at.nonce(), 0, Bytes.segment(new byte[1000]))).isFalse();

    Placement next = test.append(new byte[1000]);
    log.roll();
    test.awaitStored();
    assertThat(log.readResident(next.nonce(), 0, Bytes.segment(new byte[1000]))).isTrue();
    log.indexed(next.nonce());
    assertThat(log.readResident(next.nonce(), 0, Bytes.segment(new byte[1000]))).isFalse();
    assertThat(log.stats().residentBytes()).isZero();
  }

  @Test
  void severalSegmentsAreOnTheirWayAtOnce() throws Exception {
    store.hold(Verb.PUT);
    for (int i = 0; i < 6; i++) {
      test.append(new byte[256 << 10]);
    }
    assertThat(log.unacknowledged()).hasSize(6);
    Eventually.holds("some puts", () -> store.waiting(Verb.PUT) == TestLog.SMALL.uploadsMax());
    Thread.sleep(20);
    assertThat(store.requests(Verb.PUT)).isEqualTo(TestLog.SMALL.uploadsMax());
    store.open(Verb.PUT);
    test.awaitStored();
    assertThat(store.requests(Verb.PUT)).isEqualTo(6);
    assertThat(log.dirtyBytes()).isZero();
  }

  @Test
  void anAppendThatCannotReadItsSourceLeavesNoTrace() throws Exception {
    byte[] before = Bytes.text(1, 65_000);
    Placement one = test.append(before);
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(100_000);
    }
    assertThatThrownBy(() -> log.append(gone, 1, 0)).isInstanceOf(IllegalStateException.class);
    byte[] after = Bytes.text(2, 80_000);
    Placement two = test.append(after);
    assertThat(two.logicalOffset()).isEqualTo(65_000);
    assertThat(log.dirtyBytes()).isEqualTo(145_000);
    test.flush();
    assertThat(test.read(one, before.length)).isEqualTo(before);
    assertThat(test.read(two, after.length)).isEqualTo(after);
  }

  @Test
  void readingBehindTheEndIsAnError() {
    Placement at = test.append(new byte[10]);
    assertThatThrownBy(() -> log.readResident(at.nonce(), 5, Bytes.segment(new byte[6])))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void emptyAndOverlongAppendsAreErrors() {
    assertThatThrownBy(() -> test.append(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> test.append(new byte[(1 << 20) + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
