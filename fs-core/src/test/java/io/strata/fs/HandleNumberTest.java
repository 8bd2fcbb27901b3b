package io.strata.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Epoch;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class HandleNumberTest {
  @Property
  void saysWhatItWasMadeOf(
      @ForAll @IntRange(min = 1, max = Epoch.MAX) int epoch,
      @ForAll @LongRange(min = 1, max = HandleNumber.COUNTER_MAX) long counter,
      @ForAll @IntRange(max = 2) int access,
      @ForAll boolean append,
      @ForAll boolean sync) {
    int flags =
        access
            | (append ? OpenFlags.APPEND : OpenFlags.NO_ACCESS_TIME)
            | (sync ? OpenFlags.SYNC : OpenFlags.EXCLUSIVE);
    long value = HandleNumber.ofFile(new Epoch(epoch), counter, flags).encode();
    assertThat(value).isPositive();
    HandleNumber number = HandleNumber.decode(value).orElseThrow();
    assertThat(number.directory()).isFalse();
    assertThat(number.flags()).isEqualTo(flags & ~OpenFlags.EXCLUSIVE);
    assertThat(number.counter()).isEqualTo(counter);
  }

  @Property
  void whateverIsDecodedIsTheSameAgain(@ForAll long value) {
    HandleNumber.decode(value).ifPresent(number -> assertThat(number.encode()).isEqualTo(value));
  }

  @Property
  void knowsItsEpochForSixteenThousand(
      @ForAll @IntRange(min = 1, max = Epoch.MAX - 16_383) int epoch,
      @ForAll @IntRange(min = 1, max = 16_383) int later) {
    HandleNumber number = HandleNumber.ofDirectory(new Epoch(epoch), 1);
    assertThat(number.epochBefore(new Epoch(epoch + later))).contains(new Epoch(epoch));
    assertThat(number.epochBefore(new Epoch(epoch))).isEmpty();
  }

  @Example
  void noEpochMadeWhatIsAheadOfAllEpochs() {
    assertThat(HandleNumber.ofDirectory(new Epoch(9), 1).epochBefore(new Epoch(8))).isEmpty();
  }

  @Example
  void someNumbersAreNeverMade() {
    assertThat(HandleNumber.decode(0)).isEmpty();
    assertThat(HandleNumber.decode(-1)).isEmpty();
    assertThat(HandleNumber.decode(1L << 42)).as("no counter").isEmpty();
    assertThat(HandleNumber.decode(3L << 60 | 1L << 42 | 1)).as("access mode 3").isEmpty();
    assertThat(HandleNumber.decode(5L << 60 | 1L << 42 | 1)).as("flags of a directory").isEmpty();
    assertThatThrownBy(() -> HandleNumber.ofFile(new Epoch(1), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> HandleNumber.ofDirectory(new Epoch(1), HandleNumber.COUNTER_MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
