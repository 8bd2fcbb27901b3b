package io.strata.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeUrlTest {
  @ParameterizedTest
  @CsvSource({
    "file:/srv/a, file:/srv/a",
    "file:/srv/a/, file:/srv/a",
    "file:///srv/a//, file:/srv/a",
    "file:/, file:/",
    "s3://bucket/a/, s3://bucket/a",
    "s3://bucket/a?endpoint=http://h:1/, s3://bucket/a?endpoint=http://h:1/"
  })
  void oneVolumeHasOneUrl(String given, String normal) {
    assertThat(VolumeUrl.normal(given)).isEqualTo(normal);
  }

  @ParameterizedTest
  @CsvSource({"file:/a, true", "s3://b, true", "/mnt, false", "mnt, false", "./a:b, false"})
  void tellsUrlsFromDirectories(String argument, boolean url) {
    assertThat(VolumeUrl.isUrl(argument)).isEqualTo(url);
  }
}
