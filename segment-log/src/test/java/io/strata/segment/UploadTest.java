package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a put that does not simply succeed. */
@Timeout(60)
class UploadTest {
  private final MemStore memory = new MemStore();

  @Test
  void aLostRequestIsSentAgain() throws Exception {
    FaultStore store =
        new FaultStore(memory, r -> r.sequence() <= 3 ? Fault.FAIL_BEFORE : Fault.PASS);
    try (TestLog test = new TestLog(store)) {
      byte[] bytes = Bytes.text(1, 100_000);
      Placement at = test.append(bytes);
      test.flush();
      assertThat(test.read(at, bytes.length)).isEqualTo(bytes);
      assertThat(store.requests()).as("three lost, one stored").isEqualTo(4);
      assertThat(test.events.failing).isEmpty();
    }
  }

  @Test
  void aLostReplyIsNotTakenForAnotherOwner() throws Exception {
    FaultStore store =
        new FaultStore(memory, r -> r.sequence() == 1 ? Fault.FAIL_AFTER : Fault.PASS);
    try (TestLog test = new TestLog(store)) {
      test.append(Bytes.random(1, 100_000));
      test.flush();
      assertThat(test.events.fenced).isEmpty();
      assertThat(memory.keys()).hasSize(1);
      assertThat(store.requests()).as("put, put again, read back").isEqualTo(3);
    }
  }

  @Test
  void aRefusedSegmentIsReportedKeptAndSentAgain() throws Exception {
    GatedStore store = new GatedStore(memory);
    try (TestLog test = new TestLog(store)) {
      store.refusePuts(new StoreException.Refused("the bucket is full", null));
      Placement at = test.append(Bytes.random(1, 1000));
      test.log.roll();
      SealedSegment sealed = test.log.unacknowledged().getFirst();
      Eventually.holds("two tries failed", () -> test.events.failing.size() >= 2);
      assertThat(test.events.failing.getFirst()).hasMessageContaining("the bucket is full");
      assertThat(sealed.stored()).isNotDone();
      assertThat(test.read(at, 1000)).isEqualTo(Bytes.random(1, 1000));
      store.refusePuts(null);
      sealed.stored().get(20, TimeUnit.SECONDS);
      assertThat(test.log.dirtyBytes()).isZero();
    }
  }

  @Test
  void whoFindsATombstoneIsFencedForGood() throws Exception {
    GatedStore store = new GatedStore(memory);
    try (TestLog test = new TestLog(store)) {
      store.hold(Verb.PUT);
      Placement first = test.append(new byte[100]);
      test.log.roll();
      Placement second = test.append(new byte[100]);
      test.log.roll();
      List<SealedSegment> sealed = test.log.unacknowledged();
      Eventually.holds("both are on their way", () -> store.waiting(Verb.PUT) == 2);
      RecoveredSegment.put(otherOwner(), memory, TestLog.VOLUME, first.nonce(), List.of());
      RecoveredSegment.put(otherOwner(), memory, TestLog.VOLUME, second.nonce(), List.of());
      store.open(Verb.PUT);
      for (SealedSegment segment : sealed) {
        assertThatThrownBy(() -> segment.stored().get(20, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(FencedException.class);
      }
      Eventually.holds("the owner is told", () -> !test.events.fenced.isEmpty());

      int puts = store.requests(Verb.PUT);
      test.append(new byte[100]);
      test.log.roll();
      SealedSegment late = test.log.unacknowledged().getLast();
      assertThatThrownBy(() -> late.stored().get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(FencedException.class);
      assertThatThrownBy(() -> test.log.admit(1 << 20)).isInstanceOf(FencedException.class);
      assertThat(test.log.tryAdmit(1)).isFalse();
      Thread.sleep(20);
      assertThat(store.requests(Verb.PUT)).as("nothing is put any more").isEqualTo(puts);
      assertThat(test.events.fenced).hasSize(1);
    }
  }

  @Test
  void aSegmentThatWasThereFirstBeatsTheTombstone() throws Exception {
    try (TestLog test = new TestLog(memory)) {
      Placement at = test.append(Bytes.text(1, 70_000));
      SegmentIndex index = test.flush().getFirst();
      assertThat(RecoveredSegment.put(test.puts, memory, TestLog.VOLUME, at.nonce(), List.of()))
          .isEqualTo(index);
    }
  }

  @Test
  void closingEndsRetriesAndTellsWhoWaits() throws Exception {
    FaultStore store =
        new FaultStore(memory, r -> r.verb() == Verb.PUT ? Fault.FAIL_BEFORE : Fault.PASS);
    TestLog test = new TestLog(store);
    test.append(new byte[100]);
    test.log.roll();
    SealedSegment sealed = test.log.unacknowledged().getFirst();
    Eventually.holds("it is tried", () -> store.requests() > 2);
    test.close();
    assertThatThrownBy(() -> sealed.stored().get(20, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    // One may have been about to be sent. Were they not ended, there would be a thousand.
    long requests = store.requests();
    Thread.sleep(20);
    assertThat(store.requests()).isLessThanOrEqualTo(requests + 1);
    assertThatThrownBy(() -> test.append(new byte[1])).isInstanceOf(IllegalStateException.class);
    test.close();
  }

  @Test
  void theSameBytesMakeTheSameObjectHoweverTheyWereAppended() throws Exception {
    MemStore other = new MemStore();
    byte[] bytes = Bytes.text(1, 200_000);
    ObjectKey key = ObjectNames.segment(TestLog.nonce(0));
    try (TestLog one = new TestLog(memory);
        TestLog two = new TestLog(other)) {
      one.append(bytes);
      one.flush();
      for (int at = 0; at < bytes.length; at += 1000) {
        two.log.append(Bytes.segment(bytes).asSlice(at, 1000), 7, at);
      }
      two.flush();
    }
    assertThat(other.get(key, ByteRange.ALL)).isEqualTo(memory.get(key, ByteRange.ALL));
  }

  private OncePut otherOwner() {
    return new OncePut(memory, TestLog.PLATFORM);
  }
}
