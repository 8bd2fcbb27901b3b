package io.strata.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Samples;
import io.strata.checkpoint.format.StoredHead;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.lineage.Lineage;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Attacks the only code that deletes. */
final class GarbageProperties {
  private static final ObjectKey SEGMENT = ObjectNames.segment(new Nonce(1L << 32));

  /**
   * A volume lives through checkpoints, snapshots, take-overs, failed deletes, clocks that jump, and owners
   * that wake up long after they were deposed and go on deleting and committing.
   */
  @Property(tries = 150)
  void nothingThatAnyKeptHeadNeedsIsEverDeleted(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int steps) throws IOException {
    Random random = new Random(seed);
    VolumeModel volume = new VolumeModel();
    Instant now = Samples.TIME;
    SimulatedOwner owner = SimulatedOwner.first(volume, random, now);
    List<SimulatedOwner> deposed = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      now = now.plus(Duration.ofMinutes(random.nextInt(random.nextInt(20) == 0 ? -200 : 0, 40)));
      switch (random.nextInt(15)) {
        case 0 -> {
          deposed.add(owner);
          owner = owner.succeed(now);
        }
        case 1 -> wakeUp(volume, deposed, random, now);
        case 2, 3, 4 -> owner.work();
        case 5 -> owner.collectGarbage();
        case 8, 9 -> owner.leaveBehind();
        case 10 -> owner.collectLeftBehind();
        case 6 -> {
          owner.work();
          assertThat(owner.snapshot(now)).isTrue();
        }
        case 7 -> {
          assertThat(owner.forgetSnapshots(now, false)).isTrue();
          owner.collectGarbage();
        }
        default -> {
          owner.work();
          assertThat(owner.checkpoint(now)).isTrue();
          owner.collectGarbage();
        }
      }
      volume.assertNothingLost(owner.head(), SimulatedOwner.RETENTION.recentMax());
    }
    deposed.add(owner);
    settle(volume, owner.succeed(now), now);
  }

  private static void wakeUp(
      VolumeModel volume, List<SimulatedOwner> deposed, Random random, Instant now)
      throws IOException {
    if (deposed.isEmpty()) {
      return;
    }
    SimulatedOwner sleeper = deposed.get(random.nextInt(deposed.size()));
    sleeper.collectGarbage();
    sleeper.collectLeftBehind();
    assertThat(volume.isFenced(sleeper.nextLog())).isTrue();
    assertThat(sleeper.checkpoint(now)).describedAs("a deposed owner's checkpoint").isFalse();
    sleeper.collectGarbage();
  }

  /** Once deletes work again and time has passed, nothing is left over. */
  private static void settle(VolumeModel volume, SimulatedOwner owner, Instant now)
      throws IOException {
    Instant later = now.plus(Duration.ofDays(2));
    assertThat(owner.forgetSnapshots(later, true)).isTrue();
    for (int i = 0; i < 2 * SimulatedOwner.RETENTION.recentMax(); i++) {
      assertThat(owner.checkpoint(later)).isTrue();
      owner.collectAllGarbage();
      volume.assertNothingLost(owner.head(), SimulatedOwner.RETENTION.recentMax());
    }
    owner.collectLeftBehind(volume.memory);
    volume.assertNothingLost(owner.head(), SimulatedOwner.RETENTION.recentMax());
    volume.assertNothingLeaked(owner.head(), owner.firstLogKept(), owner.live());
    assertThat(owner.head().earlier()).isEmpty();
  }

  @Example
  void nothingGoesForALogThatIsNotReplayedYet() {
    Head newest = Samples.head();
    Stray stray = Stray.segment(new Nonce(1L << 32), 6);
    assertThat(newest.earlier()).anyMatch(range -> !range.isReplayed());
    assertThatThrownBy(
            () ->
                new Garbage(new MemStore(), SimulatedOwner.RETENTION)
                    .deleteLeftBehind(List.of(stray), newest, new VolumeModel()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void nothingGoesWhileWhatARepairReplacedIsKept() throws IOException {
    VolumeModel volume = new VolumeModel();
    Stray stray = Stray.segment(new Nonce(1L << 32), 6);
    Head before = Samples.head();
    Head repaired =
        new Succession(SimulatedOwner.RETENTION)
            .checkpoint(
                StoredHead.of(before),
                new TreeState(null, before.counters(), before.replayFrom(), before.carry(), 12),
                HeadState.OPEN,
                Map.of(),
                SnapshotChange.create(NamedSnapshot.ofReplaced(before).name()),
                Samples.TIME,
                Collected.nothing(before));
    assertThat(Garbage.leftBehind(List.of(stray), before, before.epoch(), Lineage.NONE, volume))
        .containsExactly(stray);
    assertThat(
            Garbage.leftBehind(List.of(stray), repaired, before.epoch(), Lineage.NONE, volume))
        .isEmpty();
  }

  @Example
  void logObjectsGoOnlyBehindTheEndOfALogThatNobodyReplays() throws Exception {
    Head before = Samples.head();
    Epoch first = new Epoch(1);
    assertThat(Garbage.isForgotten(first, before)).isFalse();
    Head newest =
        new Succession(SimulatedOwner.RETENTION)
            .checkpoint(
                StoredHead.of(before),
                new TreeState(null, before.counters(), before.replayFrom(), before.carry(), 12),
                HeadState.OPEN,
                Map.of(),
                SnapshotChange.NONE,
                Samples.TIME,
                new Collected(LogPosition.start(before.epoch()), Set.of()));
    MemStore memory = new MemStore();
    Garbage garbage = new Garbage(memory, SimulatedOwner.RETENTION);
    List<LogPosition> listed =
        List.of(
            new LogPosition(first, 4),
            new LogPosition(first, 5),
            new LogPosition(newest.epoch(), 9),
            new LogPosition(newest.epoch().next(), 9));
    assertThat(
            garbage.deleteStrayLogs(
                Map.of(first, 4L, newest.epoch(), 0L, newest.epoch().next(), 0L),
                listed,
                newest))
        .containsExactly(listed.get(1).key());
  }

  /** The rule, against its definition. */
  @Property
  void anObjectMayGoExactlyIfNoKeptHeadReachesIt(
      @ForAll @LongRange(min = 0, max = 12) long birth,
      @ForAll @IntRange(min = 0, max = 6) int age) {
    Head newest = Samples.head();
    Lifetime object = new Lifetime(SEGMENT, birth, birth + age);
    boolean reachable = newest.number() < object.deathHead();
    for (long kept : List.of(8L, 9L, 10L)) {
      reachable |= birth <= kept && kept < object.deathHead();
    }
    assertThat(Garbage.mayGo(object, newest)).isEqualTo(!reachable);
  }

  @Example
  void onlySegmentsAndPacksHaveLifetimes() {
    for (ObjectKey key :
        List.of(ObjectNames.VOLUME, ObjectNames.head(1), ObjectNames.log(new Epoch(1), 0))) {
      assertThatThrownBy(() -> new Lifetime(key, 1, 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Lifetime(SEGMENT, 3, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void aLongLogIsDeletedInRequestsOfAThousand() throws Exception {
    Retention lastOnly = new Retention(1, Duration.ZERO);
    Head before = Samples.head();
    LogPosition replayFrom = new LogPosition(before.epoch(), 2500);
    TreeState tree = new TreeState(null, before.counters(), replayFrom, before.carry(), 12);
    Head newest =
        new Succession(lastOnly)
            .checkpoint(
                StoredHead.of(before),
                tree,
                HeadState.OPEN,
                Map.of(),
                SnapshotChange.NONE,
                Samples.TIME,
                Collected.nothing(before));
    MemStore memory = new MemStore();
    for (long sequence = 0; sequence < 3000; sequence++) {
      memory.put(ObjectNames.log(before.epoch(), sequence), new byte[1]);
    }
    MeteredStore metered = new MeteredStore(memory, SimulatedOwner.PLATFORM.clock());
    Collected gone = new Garbage(metered, lastOnly).collect(newest);
    assertThat(memory.keys()).hasSize(500);
    assertThat(gone.logsFrom()).isEqualTo(replayFrom);
    assertThat(gone.heads()).containsExactlyInAnyOrder(6L, 7L, 9L, 10L);
    assertThat(metered.snapshot().requests()).isEqualTo(3 + 1);
  }
}
