package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  @Property
  void pausesDoubleUpToTheMostWithHalfOfItJitter(
      @ForAll @LongRange(min = 1, max = 10_000_000_000L) long firstNanos,
      @ForAll @LongRange(min = 1, max = 1000) long factor,
      @ForAll @IntRange(min = 1, max = 100_000) int failures,
      @ForAll long seed) {
    Backoff backoff =
        new Backoff(Duration.ofNanos(firstNanos), Duration.ofNanos(firstNanos * factor));

    long pause = backoff.pause(failures, new java.util.Random(seed)).toNanos();

    double whole = Math.min(firstNanos * Math.pow(2, failures - 1), (double) firstNanos * factor);
    assertThat((double) pause).isBetween(whole / 2 - 1, whole + 1);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
