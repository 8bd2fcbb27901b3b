package io.strata.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1536, 1.5 KiB",
    "16777216, 16.0 MiB",
    "1000000000000000000, 888.2 PiB"
  })
  void bytes(long bytes, String text) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.0000123, 12 µs", "0.0034, 3.4 ms", "1.25, 1.3 s", "90, 90.0 s", "600, 10 min"})
  void seconds(double seconds, String text) {
    assertThat(Amounts.seconds(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "999, 999", "1234567, 1 234 567"})
  void count(long count, String text) {
    assertThat(Amounts.count(count)).isEqualTo(text);
  }
}
