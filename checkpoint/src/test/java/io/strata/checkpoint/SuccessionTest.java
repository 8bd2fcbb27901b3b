package io.strata.checkpoint;

import static io.strata.checkpoint.format.Samples.OWNER;
import static io.strata.checkpoint.format.Samples.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.LogRange;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.Samples;
import io.strata.checkpoint.format.StoredHead;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SuccessionTest {
  private static final Succession SUCCESSION = new Succession(Retention.DEFAULT);
  private static final StoredHead FIRST = StoredHead.of(Succession.first(OWNER, TIME));
  private static final Epoch TWO = new Epoch(2);
  private static final Epoch THREE = new Epoch(3);

  @Test
  void theFirstHeadIsClosedAndEmpty() {
    Head first = FIRST.head();
    assertThat(first.number()).isEqualTo(1);
    assertThat(first.state()).isEqualTo(HeadState.CLOSED);
    assertThat(first.root()).isNull();
    assertThat(first.firstLog()).isEqualTo(LogPosition.start(new Epoch(1)));
    assertThat(FIRST.logHead()).isEqualTo(FIRST.reference());
  }

  @Test
  void aTakeOverReplaysItsPredecessorsLogFirst() {
    StoredHead before = StoredHead.of(Samples.head());
    Head next = takeOver(before);
    assertThat(next.epoch()).isEqualTo(THREE);
    assertThat(next.predecessorCrc()).isEqualTo(before.crc());
    assertThat(next.root()).isEqualTo(before.head().root());
    assertThat(next.carry()).isEqualTo(before.head().carry());
    assertThat(next.opened()).isNull();
    assertThat(next.replayFrom()).isEqualTo(LogPosition.start(THREE));
    assertThat(next.earlier().getLast())
        .isEqualTo(new LogRange(TWO, before.logHead(), 17, OptionalLong.empty()));
    assertThat(next.firstLog()).isEqualTo(before.head().firstLog());
    assertThat(next.retained()).extracting(RetainedCheckpoint::number).endsWith(9L, 10L);
  }

  @Test
  void aSecondTakeOverBeforeAnyCheckpointReplaysBothLogs() {
    StoredHead first = StoredHead.of(takeOver(FIRST));
    Head second = takeOver(first);
    assertThat(second.earlier())
        .containsExactly(
            new LogRange(new Epoch(1), FIRST.reference(), 0, OptionalLong.empty()),
            new LogRange(TWO, first.reference(), 0, OptionalLong.empty()));
  }

  @Test
  void aCheckpointRemembersWhereEarlierLogsEnd() {
    StoredHead taken = StoredHead.of(takeOver(FIRST));
    TreeState tree = tree(taken, 4);
    Head next =
        SUCCESSION.checkpoint(
            taken,
            tree,
            HeadState.OPEN,
            Map.of(new Epoch(1), 6L),
            SnapshotChange.NONE,
            TIME,
            Collected.nothing(taken.head()));
    assertThat(next.earlier())
        .containsExactly(new LogRange(new Epoch(1), FIRST.reference(), 6, OptionalLong.of(6)));
    assertThat(next.firstLog()).isEqualTo(new LogPosition(TWO, 4));
    assertThat(next.opened()).isEqualTo(taken.reference());
    assertThat(StoredHead.of(next).logHead()).isEqualTo(taken.reference());
    assertThat(next.owner()).isEqualTo(taken.head().owner());
  }

  @Test
  void aCheckpointWithoutTheVerdictIsRefused() {
    StoredHead taken = StoredHead.of(takeOver(FIRST));
    assertThatThrownBy(
            () ->
                SUCCESSION.checkpoint(
                    taken,
                    tree(taken, 0),
                    HeadState.OPEN,
                    Map.of(),
                    SnapshotChange.NONE,
                    TIME,
                    Collected.nothing(taken.head())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("00000001");
  }

  @Test
  void whatANameKeepsIsNotDeletable() {
    StoredHead before = StoredHead.of(Samples.head());
    Head next =
        new Succession(new Retention(1, Duration.ZERO))
            .takeOver(before, OWNER, TIME, Collected.nothing(before.head()));
    assertThat(next.retained()).isEmpty();
    assertThat(next.kept()).containsExactly(8L, 11L);
    assertThat(next.garbage().heads()).containsExactly(6L, 7L, 9L, 10L);
  }

  @Test
  void aHeadCanHaveANameAndIsLetGoWithTheLastOfThem() {
    Succession lastOnly = new Succession(new Retention(1, Duration.ZERO));
    StoredHead before = StoredHead.of(takeOver(FIRST));
    StoredHead named = next(lastOnly, before, SnapshotChange.create("a"));
    assertThat(named.head().snapshots())
        .containsExactly(new NamedSnapshot("a", named.head().asRetained()));
    StoredHead twice = next(lastOnly, named, SnapshotChange.create("b"));
    StoredHead later = next(lastOnly, twice, SnapshotChange.NONE);
    assertThat(later.head().kept())
        .containsExactly(
            named.head().number(), twice.head().number(), later.head().number());

    StoredHead forgotten = next(lastOnly, later, SnapshotChange.delete(Set.of("a")));
    assertThat(forgotten.head().snapshots()).extracting(NamedSnapshot::name).containsExactly("b");
    assertThat(forgotten.head().garbage().heads())
        .contains(named.head().number())
        .doesNotContain(twice.head().number());
  }

  @Test
  void aHeadThatLosesItsNameMayStillBeARecentOne() {
    StoredHead named =
        next(SUCCESSION, StoredHead.of(takeOver(FIRST)), SnapshotChange.create("a"));
    Head after = next(SUCCESSION, named, SnapshotChange.delete(Set.of("a"))).head();
    assertThat(after.kept()).contains(named.head().number());
    assertThat(after.garbage().heads()).isEmpty();
  }

  @Test
  void aNameIsOneThatAFileCanHaveAndNoNumber() {
    for (String name : List.of("a", "before upgrade", "2026-01-02", "Sicherung ß", "1a", "a.b")) {
      assertThat(NamedSnapshot.objection(name)).as(name).isEmpty();
    }
    String time = "2026-01-02T03:04:05Z";
    String tooLong = "x".repeat(256);
    for (String name :
        List.of("", " ", "a/b", ".", "..", ".a", "-a", "12", "a\nb", time, tooLong)) {
      assertThat(NamedSnapshot.objection(name)).as(name).isPresent();
    }
  }

  private static StoredHead next(
      Succession succession, StoredHead before, SnapshotChange change) {
    return StoredHead.of(
        succession.checkpoint(
            before,
            tree(before, 4),
            HeadState.OPEN,
            Map.of(new Epoch(1), 6L),
            change,
            TIME,
            Collected.nothing(before.head())));
  }

  private static Head takeOver(StoredHead before) {
    return SUCCESSION.takeOver(before, OWNER, TIME, Collected.nothing(before.head()));
  }

  private static TreeState tree(StoredHead before, long replayFrom) {
    Head head = before.head();
    return new TreeState(
        null, head.counters(), new LogPosition(head.epoch(), replayFrom), head.carry(), 5);
  }
}
