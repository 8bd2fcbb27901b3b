package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.volume.FollowStatistics;
import io.strata.fs.volume.FollowStatistics;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.fs.volume.VolumeLimits;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an owner does, and whoever owns: followers show a prefix of it, which grows. */
final class FollowerTest {
  private static final Duration AGE = Duration.ofSeconds(2);
  private static final int STEPS = 400;

  /** Small segments, so that few steps make many. */
  private static final VolumeLimits LIMITS =
      new VolumeLimits(64 << 10, 1 << 20, 1 << 20, 4 << 20, 2 << 20, 16 << 10, 64 << 10);

  private static final OpenOptions OPTIONS = OpenOptions.DEFAULT.withLimits(LIMITS);

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final Platform platform =
      new Platform(
          clock,
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));
  private final MemStore bucket = new MemStore();

  /** Whether the store of followers answers every request. */
  private final AtomicBoolean sound = new AtomicBoolean();

  /** A follower, and the last of the owner's states that it has shown. */
  private static final class Watch {
    private final Volume volume;
    private int shown;

    Watch(Volume volume) {
      this.volume = volume;
    }

    /** Where it is: it may go on at any operation whose request failed at the one before. */
    private String place() {
      FollowStatistics follow = Objects.requireNonNull(volume.statistics().follow());
      return follow.position() + " " + follow.groups() + " " + follow.rebases();
    }

    /** Shows a state that is no earlier than the last, or an error of its store. */
    void check(List<String> states) throws FsException {
      String text;
      String before;
      do {
        before = place();
        try {
          text = TreeText.of(volume.fileSystem());
        } catch (FsException e) {
          if (e.errno() == Errno.EIO) {
            return;
          }
          throw e;
        } catch (AssertionError e) {
          // It went on between two of the operations: their answers are of two states.
          if (place().equals(before)) {
            throw e;
          }
          text = "";
        }
      } while (!place().equals(before));
      int at = states.lastIndexOf(text);
      assertThat(at)
          .as("%s shows no state of the owner's, or an earlier one: %s", volume.statistics(), text)
          .isGreaterThanOrEqualTo(shown);
      while (!states.get(shown).equals(text)) {
        shown++;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void showsAPrefixThatGrows(long seed) throws Exception {
    showsAPrefix(seed, bucket);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void showsAPrefixWhereRequestsFail(long seed) throws Exception {
    FaultPlan plan = FaultPlan.sometimes(0.05, new SplittableRandom(seed), Fault.FAIL_BEFORE);
    showsAPrefix(
        seed,
        new FaultStore(bucket, request -> sound.get() ? Fault.PASS : plan.decide(request)));
  }

  private void showsAPrefix(long seed, ObjectStore followed) throws Exception {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    SplittableRandom random = new SplittableRandom(seed);
    ModelTree model = new ModelTree();
    List<String> states = new ArrayList<>(List.of(model.text()));
    Volume owner = Volume.open(bucket, OPTIONS, platform);
    VolumeSteps steps = new VolumeSteps(owner);
    List<Watch> watches = new ArrayList<>();
    for (Step step : Workload.steps(seed, STEPS)) {
      steps.apply(step);
      model.apply(step);
      states.add(model.text());
      switch (random.nextInt(60)) {
        case 0 -> {
          owner.close();
          owner = Volume.open(bucket, OPTIONS, platform);
          steps = new VolumeSteps(owner);
        }
        case 1 -> {
          // What is not durable would be lost, and the model with it.
          steps.apply(new Step.Sync());
          Volume successor = takeOver();
          owner.abandon();
          owner = successor;
          steps = new VolumeSteps(owner);
        }
        case 2 -> {
          if (watches.size() < 4) {
            watches.add(new Watch(follow(followed)));
          }
        }
        case 3 -> clock.advance(Duration.ofSeconds(30));
        default -> clock.advance(Duration.ofMillis(random.nextInt(300)));
      }
      if (!watches.isEmpty() && random.nextInt(4) == 0) {
        watches.get(random.nextInt(watches.size())).check(states);
      }
    }
    steps.apply(new Step.Sync());
    sound.set(true);
    clock.advance(Duration.ofMinutes(1));
    for (Watch watch : watches) {
      assertThat(TreeText.of(watch.volume.fileSystem())).isEqualTo(states.getLast());
      watch.volume.close();
    }
    owner.close();
  }

  private Volume follow(ObjectStore followed) throws IOException {
    while (true) {
      try {
        return Volume.follow(followed, OPTIONS, AGE, platform);
      } catch (StoreException.Unavailable e) {
        // As planned.
        assertThat(followed).isInstanceOf(FaultStore.class);
      }
    }
  }

  private Volume takeOver() throws IOException {
    while (true) {
      try {
        return Volume.open(bucket, OPTIONS.withTakeOver(true), platform);
      } catch (VolumeException e) {
        // The owner was writing a head at the same moment.
        assertThat(e.reason()).isEqualTo(VolumeException.Reason.HELD);
      }
    }
  }

  @Test
  void reachesWhatIsDurable() throws Exception {
    Volume.format(bucket, FormatOptions.DEFAULT, platform);
    Volume owner = Volume.open(bucket, OPTIONS, platform);
    VolumeSteps steps = new VolumeSteps(owner);
    Volume follower = Volume.follow(bucket, OPTIONS, AGE, platform);
    for (Step step : Workload.steps(7, 200)) {
      steps.apply(step);
      if (step instanceof Step.Sync || step instanceof Step.Checkpoint) {
        clock.advance(Duration.ofSeconds(1));
        assertThat(TreeText.of(follower.fileSystem())).isEqualTo(TreeText.of(owner.fileSystem()));
      }
    }
    FollowStatistics statistics = Objects.requireNonNull(follower.statistics().follow());
    assertThat(statistics.groups()).isPositive();
    assertThat(statistics.rebases()).isPositive();
    follower.close();
    owner.close();
  }
}
