package io.strata.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeConverterTest {
  private final TimeConverter converter = new TimeConverter();

  @ParameterizedTest
  @CsvSource({
    "0s, 0",
    "500ms, 500",
    "10s, 10000",
    "1.5m, 90000",
    "24h, 86400000",
    "7d, 604800000",
    "10 s, 10000"
  })
  void readsTimes(String text, long millis) {
    assertThat(converter.convert(text)).hasMillis(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "10 fortnights", "9999999999999s"})
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("is not a time");
  }
}
