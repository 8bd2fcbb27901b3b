package io.strata.checkpoint;

import static io.strata.checkpoint.format.Samples.OWNER;
import static io.strata.checkpoint.format.Samples.TIME;
import static io.strata.checkpoint.format.Samples.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.StoredHead;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.Backoff;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.OncePut.Outcome;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class HeadsTest {
  private static final Platform PLATFORM = SystemPlatform.create();
  private static final Succession SUCCESSION = new Succession(Retention.DEFAULT);
  private static final Backoff QUICKLY = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1));

  private final MemStore memory = new MemStore();
  private final MeteredStore store = new MeteredStore(memory, PLATFORM.clock());
  private final Heads heads = new Heads(store, new OncePut(store, PLATFORM), VOLUME);

  @Test
  void noHeadInAnEmptyStore() throws Exception {
    assertThat(heads.newest()).isEmpty();
    assertThat(heads.list()).isEmpty();
  }

  @Test
  void theNewestCostsOneListAndOneGet() throws Exception {
    Head newest = chain(40);
    StoreStats before = store.snapshot();
    assertThat(heads.newest()).contains(StoredHead.of(newest));
    StoreStats spent = store.snapshot().since(before);
    assertThat(spent.lists()).isEqualTo(1);
    assertThat(spent.gets()).isEqualTo(1);
    assertThat(spent.requests()).isEqualTo(2);
  }

  @Test
  void aCommitCostsOnePutAndOneList() throws Exception {
    chain(3);
    assertThat(store.snapshot().puts()).isEqualTo(3);
    assertThat(store.snapshot().requests()).isEqualTo(6);
  }

  @Test
  void moreThanAPageOfHeadsIsListedWhole() throws Exception {
    for (long number = 1; number <= 2345; number++) {
      memory.put(ObjectNames.head(number), new byte[1]);
    }
    assertThat(heads.list()).hasSize(2345).endsWith(2344L, 2345L);
  }

  @Test
  void whatIsNoHeadIsNotListed() throws Exception {
    chain(1);
    memory.put(new ObjectKey("head/README"), new byte[1]);
    memory.put(new ObjectKey("head/ffffffffffffffff"), new byte[1]);
    assertThat(heads.list()).containsExactly(1L);
  }

  @Test
  void ofTwoWhoCommitTheSameNumberOneWins() throws Exception {
    StoredHead first = StoredHead.of(chain(1));
    Head mine = SUCCESSION.takeOver(first, OWNER, TIME, Collected.nothing(first.head()));
    Owner rival = new Owner("host-b", "", 1, 0, new UUID(7, 7), "rival");
    Head theirs = SUCCESSION.takeOver(first, rival, TIME, Collected.nothing(first.head()));
    assertThat(heads.commit(mine)).isEqualTo(Outcome.STORED);
    assertThat(heads.commit(theirs)).isEqualTo(Outcome.TAKEN);
    assertThat(heads.newest()).contains(StoredHead.of(mine));
    assertThat(heads.commit(mine)).isEqualTo(Outcome.STORED);
  }

  @Test
  void anOwnerWhoSleptThroughTheDeletionOfItsSuccessorIsFenced() throws Exception {
    StoredHead asleep = StoredHead.of(chain(3));
    Head newest = asleep.head();
    for (int i = 0; i < 5; i++) {
      newest = commitNext(newest);
    }
    memory.delete(List.of(ObjectNames.head(4)));
    assertThat(heads.commit(next(asleep.head()))).isEqualTo(Outcome.TAKEN);
    assertThat(heads.newest()).contains(StoredHead.of(newest));
  }

  @Test
  void aCommitWhoseRepliesAreLostIsOneCommit() throws Exception {
    Head first = Succession.first(OWNER, TIME);
    FaultStore lossy =
        new FaultStore(
            memory,
            request ->
                request.sequence() == 1 || request.verb() == Verb.LIST
                    ? Fault.FAIL_AFTER
                    : Fault.PASS);
    Heads unlucky = new Heads(lossy, new OncePut(lossy, PLATFORM, QUICKLY), VOLUME);
    assertThatThrownBy(() -> unlucky.commit(first)).isInstanceOf(StoreException.Unavailable.class);
    assertThat(heads.newest()).contains(StoredHead.of(first));
    FaultStore well = new FaultStore(memory, FaultPlan.none());
    assertThat(new Heads(well, new OncePut(well, PLATFORM), VOLUME).commit(first))
        .isEqualTo(Outcome.STORED);
  }

  @Test
  void anOwnerWhoMeetsItsOwnEarlierAttemptIsNotFenced() throws Exception {
    Head first = chain(1);
    StoredHead taken =
        StoredHead.of(
            SUCCESSION.takeOver(StoredHead.of(first), OWNER, TIME, Collected.nothing(first)));
    assertThat(heads.commit(taken.head())).isEqualTo(Outcome.STORED);
    Head attempt = next(taken.head());
    FaultStore lossy =
        new FaultStore(
            memory, request -> request.verb() == Verb.LIST ? Fault.FAIL_BEFORE : Fault.PASS);
    Heads unlucky = new Heads(lossy, new OncePut(lossy, PLATFORM, QUICKLY), VOLUME);
    assertThatThrownBy(() -> unlucky.commit(attempt))
        .isInstanceOf(StoreException.Unavailable.class);
    TreeState later =
        new TreeState(null, attempt.counters(), attempt.replayFrom().next(), attempt.carry(), 99);
    Head retry =
        SUCCESSION.checkpoint(
            taken,
            later,
            HeadState.OPEN,
            Map.of(first.epoch(), 0L),
            SnapshotChange.NONE,
            TIME,
            Collected.nothing(taken.head()));
    assertThatThrownBy(() -> heads.commit(retry))
        .isInstanceOfSatisfying(
            EarlierCommit.class, e -> assertThat(e.found()).isEqualTo(StoredHead.of(attempt)));
  }

  @Test
  void aDamagedHeadIsReportedAndOlderOnesCanBeRead() throws Exception {
    chain(3);
    memory.put(ObjectNames.head(3), new byte[100]);
    assertThatThrownBy(heads::newest)
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(ObjectNames.head(3).value());
    assertThat(heads.read(2).head().number()).isEqualTo(2);
  }

  @Test
  void headsNameTheirPredecessorsChecksum() throws Exception {
    chain(3);
    assertThat(heads.read(3).head().predecessorCrc()).isEqualTo(heads.read(2).crc());
    assertThat(heads.read(2).head().predecessorCrc()).isEqualTo(heads.read(1).crc());
  }

  private Head chain(int length) throws IOException {
    Head head = Succession.first(OWNER, TIME);
    assertThat(heads.commit(head)).isEqualTo(Outcome.STORED);
    for (int i = 1; i < length; i++) {
      head = commitNext(head);
    }
    return head;
  }

  private Head commitNext(Head head) throws IOException {
    Head next = next(head);
    assertThat(heads.commit(next)).isEqualTo(Outcome.STORED);
    return next;
  }

  private static Head next(Head head) {
    TreeState same =
        new TreeState(
            head.root(), head.counters(), head.replayFrom(), head.carry(), head.nextNonce());
    return SUCCESSION.checkpoint(
        StoredHead.of(head),
        same,
        HeadState.OPEN,
        Map.of(new Epoch(1), 0L),
        SnapshotChange.NONE,
        TIME,
        Collected.nothing(head));
  }
}
