package io.strata.replay;

import static io.strata.replay.LogFixture.EPOCH;
import static io.strata.replay.LogFixture.HEAD;
import static io.strata.replay.LogFixture.SIZES;
import static io.strata.replay.LogFixture.START;
import static io.strata.replay.LogFixture.VOLUME;
import static io.strata.replay.LogFixture.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.replay.format.Dependency;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Attempts;
import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.Epoch;
import io.strata.store.InterceptingStore;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReplayLogTest {
  private static final ReplaySizes DEFAULT = ReplaySizes.DEFAULT;

  @Test
  void aLoneSyncIsOnePut() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      long group = volume.append("mkdir");
      volume.log.sync(group);
      assertThat(volume.store.requests(Verb.PUT)).isEqualTo(1);
      assertThat(volume.log.lastCommitted()).isEqualTo(group);
      assertThat(volume.log.pendingBytes()).isZero();
      assertThat(volume.recovered()).containsExactly("mkdir");
    }
  }

  @Test
  void aLoneSyncOf256KiBThatDoNotCompressIsOnePut() throws Exception {
    byte[] data = new byte[256 << 10];
    new Random(1).nextBytes(data);
    Nonce nonce = Nonce.of(EPOCH, 1);
    EntryData inline =
        () -> new Attachment(List.of(new InlineRun(nonce, 4096, ByteBuffer.wrap(data))), List.of());
    try (LogFixture volume = new LogFixture(inline, DEFAULT)) {
      volume.log.sync(volume.append("write"));
      assertThat(volume.store.requests(Verb.PUT)).isEqualTo(1);
      volume.reader.readTail(
          START,
          HEAD,
          entry -> {
            InlineRun run = entry.inline().getFirst();
            assertThat(run.nonce()).isEqualTo(nonce);
            assertThat(run.logicalOffset()).isEqualTo(4096);
            assertThat(run.bytes()).isEqualTo(ByteBuffer.wrap(data));
            return true;
          });
    }
  }

  @Test
  void inlineBytesMayBeReusedOnceTheEntryIsCut() throws Exception {
    byte[] data = "early".getBytes(UTF_8);
    EntryData inline =
        () ->
            new Attachment(
                List.of(new InlineRun(Nonce.of(EPOCH, 1), 0, ByteBuffer.wrap(data))), List.of());
    try (LogFixture volume = new LogFixture(inline, DEFAULT)) {
      long group = volume.append("write");
      volume.log.cut();
      Arrays.fill(data, (byte) 'x');
      volume.log.sync(group);
      volume.reader.readTail(
          START,
          HEAD,
          entry -> {
            assertThat(entry.inline().getFirst().bytes())
                .isEqualTo(ByteBuffer.wrap("early".getBytes(UTF_8)));
            return true;
          });
    }
  }

  @Test
  void syncOfNothingCostsNothing() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.log.sync(0);
      assertThat(volume.log.cut()).isEqualTo(START);
      assertThat(volume.store.requests(Verb.PUT)).isZero();
    }
  }

  @Test
  void groupsWithoutASyncStayInMemoryUntilTheEntryIsFull() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.append("a".repeat(SIZES.entryBytesMax() - 20));
      assertThat(volume.store.requests(Verb.PUT)).isZero();
      long last = volume.append("b");
      volume.log.sync(last);
      assertThat(volume.store.requests(Verb.PUT)).isEqualTo(1);
    }
  }

  @Test
  void emptyGroupsFillAnEntryToo() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      for (int i = 0; i < SIZES.entryBytesMax(); i++) {
        volume.append("");
      }
      volume.log.sync(SIZES.entryBytesMax());
      assertThat(volume.recovered()).hasSize(SIZES.entryBytesMax());
      assertThat(volume.store.requests(Verb.PUT)).isEqualTo(8);
    }
  }

  @Test
  void anEntryWaitsForThoseBeforeIt() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.hold(Verb.PUT);
      CompletableFuture<@Nullable ReplayFailure> first = volume.syncing(volume.append("a"));
      volume.store.awaitHeld(Verb.PUT, 1);
      CompletableFuture<@Nullable ReplayFailure> second = volume.syncing(volume.append("b"));
      volume.store.awaitHeld(Verb.PUT, 2);
      volume.store.release(key(1));
      while (volume.memory.head(key(1)).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(second).isNotDone();
      assertThat(volume.log.lastCommitted()).isZero();
      volume.store.release(key(0));
      assertThat(first.get(10, SECONDS)).isNull();
      assertThat(second.get(10, SECONDS)).isNull();
    }
  }

  /** Whoever counts what is in the store, or deletes it, wants to know that nothing comes behind. */
  @Test
  void whatWasUnderWayWhenALogIsClosedIsWaitedFor() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CompletableFuture<Void> arrives = new CompletableFuture<>();
    try (LogFixture volume = new LogFixture()) {
      ObjectStore deaf =
          new InterceptingStore(volume.memory) {
            @Override
            protected <T> T intercept(Verb verb, String name, Attempts.Request<T> request)
                throws StoreException {
              sent.countDown();
              arrives.join();
              return request.send();
            }
          };
      ReplayLog log = volume.logOn(deaf);
      long group = log.append(new byte[10]);
      volume.platform.waiting().execute(() -> assertThatThrownBy(() -> log.sync(group)).isNotNull());
      sent.await();
      log.close();
      Thread ending =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      log.awaitEnd();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      assertThat(ending.join(Duration.ofMillis(20))).isFalse();
      arrives.complete(null);
      ending.join();
      assertThat(volume.memory.head(key(0))).isPresent();
    }
  }

  @Test
  void anEntryWaitsForItsSegments() throws Exception {
    CompletableFuture<Void> stored = new CompletableFuture<>();
    Dependency segment = new Dependency(Nonce.of(EPOCH, 9), 1 << 20);
    EntryData data = () -> new Attachment(List.of(), List.of(new PendingSegment(segment, stored)));
    try (LogFixture volume = new LogFixture(data, SIZES)) {
      CompletableFuture<@Nullable ReplayFailure> caller = volume.syncing(volume.append("write"));
      while (volume.memory.head(key(0)).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(caller).isNotDone();
      stored.complete(null);
      assertThat(caller.get(10, SECONDS)).isNull();
      LogEntry.Groups entry = (LogEntry.Groups) volume.reader.read(START, HEAD);
      assertThat(entry.dependencies()).containsExactly(segment);
    }
  }

  @Test
  void manyWaitersShareFewPuts() throws Exception {
    try (LogFixture volume = new LogFixture(EntryData.NONE, DEFAULT)) {
      volume.store.hold(Verb.PUT);
      List<CompletableFuture<@Nullable ReplayFailure>> callers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        callers.add(volume.syncing(volume.append("op " + i)));
        volume.store.awaitHeld(Verb.PUT, Math.min(i + 1, DEFAULT.inFlightMax()));
      }
      volume.store.open(Verb.PUT);
      for (CompletableFuture<@Nullable ReplayFailure> caller : callers) {
        assertThat(caller.get(10, SECONDS)).isNull();
      }
      assertThat(volume.store.requests(Verb.PUT)).isLessThanOrEqualTo(DEFAULT.inFlightMax() + 2);
      assertThat(volume.recovered()).hasSize(64).startsWith("op 0", "op 1").endsWith("op 63");
    }
  }

  @Test
  void cutGivesThePlaceBehindEverythingAppended() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.hold(Verb.PUT);
      for (int i = 0; i < 10; i++) {
        volume.append("x".repeat(SIZES.entryBytesMax()));
      }
      long last = volume.append("last");
      LogPosition behind = volume.log.cut();
      assertThat(behind).isEqualTo(new LogPosition(EPOCH, 11));
      assertThat(volume.store.awaitHeld(Verb.PUT, SIZES.inFlightMax())).hasSize(SIZES.inFlightMax());
      volume.store.open(Verb.PUT);
      volume.log.sync(last);
      assertThat(volume.recovered()).hasSize(11).endsWith("last");
    }
  }

  @Test
  void writersAreHeldBackWhileTooMuchIsPending() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.hold(Verb.PUT);
      long last = volume.append("x".repeat((int) SIZES.pendingBytesMax() + 1));
      assertThat(volume.log.tryAdmit()).isFalse();
      assertThat(volume.log.pendingBytes()).isEqualTo(SIZES.pendingBytesMax() + 1 + 8);
      CountDownLatch admitted = new CountDownLatch(1);
      volume
          .platform
          .waiting()
          .execute(
              () -> {
                try {
                  volume.log.admit();
                  admitted.countDown();
                } catch (ReplayFailure e) {
                  throw new AssertionError(e);
                }
              });
      volume.store.awaitHeld(Verb.PUT, 1);
      assertThat(admitted.getCount()).isOne();
      volume.store.open(Verb.PUT);
      admitted.await();
      volume.log.sync(last);
      assertThat(volume.log.tryAdmit()).isTrue();
    }
  }

  @Test
  void aFenceEndsTheLogForGood() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.log.sync(volume.append("a"));
      LogFence.put(
          volume.once,
          VOLUME,
          new LogEntry.Fence(START.next(), HEAD, new Epoch(4), "other on host b"));
      long group = volume.append("b");
      assertThatThrownBy(() -> volume.log.sync(group))
          .isInstanceOf(ReplayFailure.Fenced.class)
          .hasMessageContaining("other on host b")
          .hasMessageContaining("00000004");
      assertThatThrownBy(() -> volume.append("c")).isInstanceOf(ReplayFailure.Fenced.class);
      assertThatThrownBy(() -> volume.log.sync(group)).isInstanceOf(ReplayFailure.Fenced.class);
      assertThatThrownBy(volume.log::cut).isInstanceOf(ReplayFailure.Fenced.class);
      assertThatThrownBy(volume.log::admit).isInstanceOf(ReplayFailure.Fenced.class);
      assertThat(volume.fenced.get(10, SECONDS)).hasMessageContaining("other on host b");
      assertThat(volume.recovered()).containsExactly("a");
      volume.log.sync(1);
    }
  }

  @Test
  void whatLiesBehindAFenceIsNotAcknowledged() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.hold(Verb.PUT);
      CompletableFuture<@Nullable ReplayFailure> first = volume.syncing(volume.append("a"));
      volume.store.awaitHeld(Verb.PUT, 1);
      CompletableFuture<@Nullable ReplayFailure> second = volume.syncing(volume.append("b"));
      volume.store.awaitHeld(Verb.PUT, 2);
      volume.store.release(key(1));
      while (volume.memory.head(key(1)).isEmpty()) {
        Thread.onSpinWait();
      }
      volume.store.release(fenceAt(volume, START));
      volume.store.release(key(0));
      assertThat(first.get(10, SECONDS)).isInstanceOf(ReplayFailure.Fenced.class);
      assertThat(second.get(10, SECONDS)).isInstanceOf(ReplayFailure.Fenced.class);
      assertThat(volume.stored).as("proofs that the log is this owner's").isEmpty();
    }
  }

  /** Puts a fence past the gate. */
  private static ObjectKey fenceAt(LogFixture volume, LogPosition position) throws StoreException {
    LogEntry.Fence fence = new LogEntry.Fence(position, HEAD, new Epoch(4), "other");
    LogFence.put(new OncePut(volume.memory, volume.platform), VOLUME, fence);
    return position.key();
  }

  @Test
  void aSegmentThatCannotBeStoredEndsTheLog() throws Exception {
    CompletableFuture<Void> stored = new CompletableFuture<>();
    stored.completeExceptionally(new IllegalStateException("tombstone"));
    Dependency segment = new Dependency(Nonce.of(EPOCH, 9), 1);
    EntryData data = () -> new Attachment(List.of(), List.of(new PendingSegment(segment, stored)));
    try (LogFixture volume = new LogFixture(data, SIZES)) {
      assertThat(volume.syncing(volume.append("write")).get(10, SECONDS))
          .isInstanceOf(ReplayFailure.Fenced.class)
          .hasMessageContaining(segment.nonce().toString());
      assertThat(volume.fenced.get(10, SECONDS)).isNotNull();
    }
  }

  @Test
  void aRefusedSyncFailsAndItsGroupsAreSentAgainByTheNext() throws Exception {
    try (LogFixture volume = new LogFixture(EntryData.NONE, DEFAULT)) {
      volume.store.refusePuts(new StoreException.Refused("access denied", null));
      long group = volume.append("a");
      assertThatThrownBy(() -> volume.log.sync(group))
          .isInstanceOf(ReplayFailure.Refused.class)
          .hasMessageContaining("access denied");
      assertThat(volume.failing.get(10, SECONDS)).hasMessageContaining("access denied");
      volume.store.refusePuts(null);
      long later = volume.append("b");
      volume.log.sync(later);
      assertThat(volume.recovered()).containsExactly("a", "b");
    }
  }

  @Test
  void whatWasRefusedIsSentAgainWithoutASync() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.refusePuts(new StoreException.Refused("quota", null));
      long group = volume.append("a");
      assertThatThrownBy(() -> volume.log.sync(group)).isInstanceOf(ReplayFailure.Refused.class);
      volume.store.refusePuts(null);
      while (volume.log.lastCommitted() < group) {
        Thread.sleep(1);
      }
      assertThat(volume.recovered()).containsExactly("a");
    }
  }

  @Test
  void waitersCanBeFailedFromOutsideAndTheLogGoesOn() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      volume.store.hold(Verb.PUT);
      long group = volume.append("a");
      CompletableFuture<@Nullable ReplayFailure> caller = volume.syncing(group);
      volume.store.awaitHeld(Verb.PUT, 1);
      volume.log.failWaiters(new StoreException.Refused("segments are refused", null));
      assertThat(caller.get(10, SECONDS)).isInstanceOf(ReplayFailure.Refused.class);
      volume.store.open(Verb.PUT);
      volume.log.sync(group);
    }
  }

  @Test
  void closeFailsWhoeverWaits() throws Exception {
    LogFixture volume = new LogFixture();
    volume.store.hold(Verb.PUT);
    CompletableFuture<@Nullable ReplayFailure> caller = volume.syncing(volume.append("a"));
    volume.store.awaitHeld(Verb.PUT, 1);
    volume.log.close();
    assertThat(caller.get(10, SECONDS)).isInstanceOf(ReplayFailure.Closed.class);
    assertThatThrownBy(() -> volume.append("b")).isInstanceOf(ReplayFailure.Closed.class);
    assertThat(volume.memory.keys()).isEmpty();
  }

  @Test
  void anEntryWhoseSegmentSomebodyElseHasPutIsNoProofOfOwnership() throws Exception {
    Nonce nonce = Nonce.of(EPOCH, 1);
    CompletableFuture<Void> stored = new CompletableFuture<>();
    PendingSegment pending = new PendingSegment(new Dependency(nonce, 5), stored);
    EntryData data = () -> new Attachment(List.of(), List.of(pending));
    try (LogFixture volume = new LogFixture(data, DEFAULT)) {
      CompletableFuture<@Nullable ReplayFailure> caller = volume.syncing(volume.append("write"));
      while (volume.memory.head(key(0)).isEmpty()) {
        Thread.onSpinWait();
      }
      volume.log.verify(); // nothing stands in the segment's place: it may still come

      volume.memory.put(ObjectNames.segment(nonce), Body.of(new byte[1]), Condition.ABSENT);
      CompletableFuture<@Nullable ReplayFailure> asked = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  volume.log.verify();
                  asked.complete(null);
                } catch (ReplayFailure e) {
                  asked.complete(e);
                } catch (StoreException e) {
                  asked.completeExceptionally(e);
                }
              });
      assertThatThrownBy(() -> asked.get(200, MILLISECONDS)).isInstanceOf(TimeoutException.class);
      stored.completeExceptionally(new IllegalStateException("its name is taken"));

      assertThat(asked.get(10, SECONDS)).isInstanceOf(ReplayFailure.Fenced.class);
      assertThat(caller.get(10, SECONDS)).isInstanceOf(ReplayFailure.Fenced.class);
    }
  }
}
