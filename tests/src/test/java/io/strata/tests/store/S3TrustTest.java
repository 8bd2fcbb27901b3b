package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.handler.ssl.SslContext;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.s3.S3Settings;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import io.strata.tests.proxy.ProxyFault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers with certificates that Java's authorities do not know, and what is said of them. */
final class S3TrustTest {
  private static final ObjectKey KEY = new ObjectKey("head/1");
  private static final TestKeys TEST_KEYS = new TestKeys();

  @TempDir static Path folder;
  private static TestCertificates certificates;
  private static Path authority;

  @BeforeAll
  static void make() throws Exception {
    TEST_KEYS.set(Map.of());
    certificates = new TestCertificates(folder);
    authority = certificates.authority(folder.resolve("authority.pem"));
  }

  @AfterAll
  static void forget() {
    TEST_KEYS.restore();
  }

  /** Asks a server with this certificate for an object. */
  private static Throwable ask(@Nullable SslContext tls, S3Settings settings) throws IOException {
    try (S3Lab lab = new S3Lab(tls)) {
      lab.script().always("HEAD", "", ProxyFault.answer(200, ""));
      URI endpoint = lab.proxy().endpoint();
      try (ObjectStore store = lab.open("bucket", endpoint, true, settings)) {
        return catchThrowable(() -> assertThat(store.head(KEY)).contains(0L));
      }
    }
  }

  @Test
  void anAuthorityOfOnesOwnIsTrustedWhereItIsNamed() throws Exception {
    SslContext tls = certificates.server("good", "-1H", "ip:127.0.0.1");
    try (S3Lab lab = new S3Lab(tls)) {
      lab.script().always("HEAD", "", ProxyFault.answer(200, ""));
      String url = "s3://bucket?ca=%s&endpoint=%s".formatted(authority, lab.proxy().endpoint());
      try (ObjectStore store = Stores.open(url, S3Lab.PLATFORM, StoreOptions.DEFAULT)) {
        assertThat(store.head(KEY)).contains(0L);
      }
    }
    assertThat(ask(tls, S3Settings.DEFAULT))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageStartingWith("head head/1 in s3://bucket/")
        .hasMessageContaining("https://127.0.0.1:")
        .hasMessageEndingWith(
            "nobody trusted here vouches for the server's certificate; name who does with ?ca=FILE"
                + " or AWS_CA_BUNDLE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other    | -1H | dns:other.host   | the server's certificate does not fit: No subject alt",
        "expired  | -9d | ip:127.0.0.1     | the server's certificate has expired: ",
        "unripe   | +9d | ip:127.0.0.1     | the server's certificate is not valid yet: "
      })
  void acertificateThatDoesNotFitIsOneClearLine(
      String name, String valid, String host, String expected) throws Exception {
    SslContext tls = certificates.server(name, valid, host);

    assertThat(ask(tls, S3Settings.DEFAULT.withAuthorities(authority)))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(expected)
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
  }

  @Test
  void aServerWithoutTlsIsTold() throws Exception {
    try (S3Lab lab = new S3Lab(null)) {
      URI endpoint = URI.create("https://127.0.0.1:" + lab.proxy().endpoint().getPort());
      try (ObjectStore store = lab.open("bucket", endpoint, true, S3Settings.DEFAULT)) {
        assertThatThrownBy(() -> store.head(KEY))
            .isInstanceOf(StoreException.Unavailable.class)
            .hasMessageEndingWith("the server may not speak TLS (http://)");
      }
    }
  }

  @Test
  void aFileThatHoldsNoCertificatesIsTold() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path text = Files.writeString(folder.resolve("text.pem"), "hello");
    for (Path file : new Path[] {empty, text, folder.resolve("absent.pem")}) {
      assertThatThrownBy(() -> ask(null, S3Settings.DEFAULT.withAuthorities(file)))
          .isInstanceOf(StoreException.Refused.class)
          .hasMessageStartingWith("cannot read certificates in PEM from " + file + ": ");
    }
  }
}
