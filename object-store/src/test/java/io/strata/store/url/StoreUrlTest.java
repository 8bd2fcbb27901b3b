package io.strata.store.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import io.strata.store.s3.S3Location;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreUrlTest {
  private final Platform platform = SystemPlatform.create();

  @ParameterizedTest
  @ValueSource(strings = {"file:/srv/vols/a b?c", "file:///srv/vols/a b?c"})
  void folderIsTakenAsItIs(String url) {
    assertThat(StoreUrl.parse(url)).isEqualTo(new StoreUrl.Folder(Path.of("/srv/vols/a b?c")));
  }

  @Test
  void bucketOfAmazons() {
    S3Location whole = new S3Location("bucket", "", null, null, false);
    S3Location part = new S3Location("bucket", "some/prefix/", null, "eu-west-1", false);

    assertThat(StoreUrl.parse("s3://bucket")).isEqualTo(bucket(whole));
    assertThat(StoreUrl.parse("s3://bucket/")).isEqualTo(bucket(whole));
    assertThat(StoreUrl.parse("s3://bucket/some/prefix?region=eu-west-1")).isEqualTo(bucket(part));
    assertThat(StoreUrl.parse("s3://bucket/some/prefix/?region=eu-west-1")).isEqualTo(bucket(part));
    assertThat(part.toString()).isEqualTo("s3://bucket/some/prefix");
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint=http://host:7480, true",
    "endpoint=http%3A%2F%2Fhost%3A7480, true",
    "endpoint=http://host:7480&path-style=true, true",
    "path-style=false&endpoint=http://host:7480, false",
  })
  void bucketElsewhereHasItsNameInThePathUnlessToldOtherwise(String query, boolean pathStyle) {
    S3Location location =
        new S3Location("bucket", "p/", URI.create("http://host:7480"), null, pathStyle);

    assertThat(StoreUrl.parse("s3://bucket/p?" + query)).isEqualTo(bucket(location));
  }

  @Test
  void urlMaySayHowManyConnectionsAndWhomToTrust() {
    S3Location location = new S3Location("bucket", "", null, null, false);

    assertThat(StoreUrl.parse("s3://bucket?connections=8&ca=/etc/a%20b.pem"))
        .isEqualTo(new StoreUrl.Bucket(location, 8, Path.of("/etc/a b.pem")));
  }

  private static StoreUrl bucket(S3Location location) {
    return new StoreUrl.Bucket(location, null, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/srv/vols/a               | did you mean file:/srv/vols/a?",
        "vols/a                    | must begin with file:, s3: or mem:",
        "http://host/path          | must begin with file:, s3: or mem:",
        "file:vols/a               | file:/absolute/path",
        "file://host/path          | file:/absolute/path",
        "file:                     | file:/absolute/path",
        "s3:bucket                 | s3://bucket/prefix",
        "s3://                     | cannot be the name of a bucket",
        "s3://b                    | cannot be the name of a bucket",
        "s3://buck et              | cannot be the name of a bucket",
        "s3://bucket//x            | cannot be the prefix",
        "s3://bucket/../x          | cannot be the prefix",
        "s3://bucket/a b           | cannot be the prefix",
        "s3://bucket?regoin=x      | no parameter \"regoin\"; there are endpoint, region",
        "s3://bucket?region        | must be name=value",
        "s3://bucket?region=       | must be name=value",
        "s3://bucket?region=a&region=b | given twice",
        "s3://bucket?path-style=on | path-style must be true or false",
        "s3://bucket?connections=0 | connections must be a number from 1 to 9999",
        "s3://bucket?connections=x | connections must be a number from 1 to 9999",
        "s3://bucket?ca=my.pem     | ca must be an absolute path",
        "s3://bucket?endpoint=host:7480 | must be like https://host",
        "s3://bucket?endpoint=ftp://host | must be like https://host",
        "s3://bucket?endpoint=http: | ",
        "s3://bucket?endpoint=%zz  | ",
        "mem:                      | write mem:name",
        "mem:a b                   | write mem:name",
      })
  void nonsenseIsRefusedWithAHint(String url, String hint) {
    assertThatThrownBy(() -> StoreUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining('"' + url + "\" names no store: ")
        .hasMessageContaining(hint == null ? "" : hint)
        .message()
        .isNotNull()
        .doesNotContain("\n");
  }

  @Test
  void secretsAreNotRepeated() {
    assertThatThrownBy(() -> StoreUrl.parse("s3://AKIAKEY:sEcReT@bucket/prefix"))
        .hasMessageContaining("\"s3:…@bucket/prefix\"")
        .hasMessageContaining("credentials do not belong in a URL")
        .message()
        .isNotNull()
        .doesNotContain("sEcReT");
  }

  @Test
  void storesAreOpened(@TempDir Path folder) throws StoreException {
    try (ObjectStore files = Stores.open("file:" + folder, platform, StoreOptions.DEFAULT);
        ObjectStore memory = Stores.open("mem:storesAreOpened", platform, StoreOptions.DEFAULT)) {
      assertThat(files.location()).startsWith("file:/");
      assertThat(memory).isSameAs(MemStore.named("storesAreOpened"));
    }
  }
}
