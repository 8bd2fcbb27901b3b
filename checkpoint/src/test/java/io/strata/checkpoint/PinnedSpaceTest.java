package io.strata.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadGarbage;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Owner;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.lineage.Lineage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PinnedSpaceTest {
  private static final Epoch EPOCH = new Epoch(1);

  @Test
  void littleIsLeftAlone() {
    PinnedSpace space = PinnedSpace.of(List.of(dead(1, 3, 9, 100)), head(10, 5, 6, 7), 100);

    assertThat(space).isEqualTo(new PinnedSpace(100, 0, false));
  }

  @Test
  void theOldestCheckpointsAreLetGoUntilTheRestPinsLittle() {
    List<PinnedSpace.Dead> dead =
        List.of(dead(1, 3, 6, 100), dead(2, 6, 7, 100), dead(3, 7, 9, 50));

    PinnedSpace space = PinnedSpace.of(dead, head(10, 5, 6, 7, 8), 60);

    assertThat(space).isEqualTo(new PinnedSpace(250, 7, true));
  }

  @Test
  void whatANamedSnapshotPinsIsNoReasonToLetOthersGo() {
    PinnedSpace space = PinnedSpace.of(List.of(dead(1, 3, 9, 100)), named(10, 4, 5, 6), 60);

    assertThat(space).isEqualTo(new PinnedSpace(100, 0, false));
  }

  @Test
  void whatNoCheckpointPinsIsNotCounted() {
    PinnedSpace space = PinnedSpace.of(List.of(dead(1, 6, 7, 100)), head(10, 5, 8), 60);

    assertThat(space.bytes()).isZero();
  }

  private static PinnedSpace.Dead dead(int counter, long birth, long death, long bytes) {
    Lifetime life = new Lifetime(ObjectNames.segment(Nonce.of(EPOCH, counter)), birth, death);
    return new PinnedSpace.Dead(life, bytes);
  }

  private static Head head(long number, long... retained) {
    return head(number, List.of(), retained);
  }

  private static Head named(long number, long named, long... retained) {
    return head(number, List.of(new NamedSnapshot("kept", checkpoint(named))), retained);
  }

  private static Head head(long number, List<NamedSnapshot> named, long... retained) {
    Head first =
        Succession.first(new Owner("h", "b", 1, 1, new UUID(1, 2), "p"), Instant.EPOCH);
    return new Head(
        number,
        EPOCH,
        first.owner(),
        Instant.EPOCH,
        HeadState.CLOSED,
        1,
        first.opened(),
        null,
        TreeCounters.ZERO,
        LogPosition.start(EPOCH),
        List.of(),
        first.carry(),
        0,
        LongStream.of(retained).mapToObj(PinnedSpaceTest::checkpoint).toList(),
        named,
        new HeadGarbage(LogPosition.start(EPOCH), List.of()),
        Lineage.NONE,
        List.of());
  }

  private static RetainedCheckpoint checkpoint(long number) {
    return new RetainedCheckpoint(
        number, Instant.EPOCH, null, TreeCounters.ZERO, LogPosition.start(EPOCH));
  }
}
