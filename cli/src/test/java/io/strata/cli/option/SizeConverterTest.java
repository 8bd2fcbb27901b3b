package io.strata.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
  private final SizeConverter converter = new SizeConverter();

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "65536, 65536",
    "512B, 512",
    "64KiB, 65536",
    "64k, 65536",
    "64K, 65536",
    "1kB, 1000",
    "16MiB, 16777216",
    "16 MiB, 16777216",
    "1.5GiB, 1610612736",
    "2TB, 2000000000000",
    "1P, 1125899906842624"
  })
  void readsSizes(String text, long bytes) {
    assertThat(converter.convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "16 elephants", "1e6", "0x10", "1,5MiB"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("is not a size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8192PiB", "99999999999999999999"})
  void refusesWhatDoesNotFit(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("too large");
  }

  @Property
  void readsWhatIsWritten(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(converter.convert(Long.toString(bytes))).isEqualTo(bytes);
  }
}
