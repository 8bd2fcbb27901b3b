package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.s3.S3Settings;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import io.strata.tests.proxy.ProxyFault;
import io.strata.tests.proxy.ProxyRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed with what; the proxy alone answers. */
final class S3CredentialsTest {
  private static final ObjectKey KEY = new ObjectKey("head/1");

  private final TestKeys keys = new TestKeys();
  private S3Lab lab;

  @BeforeEach
  void start() throws IOException {
    lab = new S3Lab(null);
    lab.script().always("PUT", "", ProxyFault.answer(200, ""));
    lab.script().always("HEAD", "", ProxyFault.answer(200, ""));
  }

  @AfterEach
  void stop() {
    keys.restore();
    lab.close();
  }

  private ObjectStore open() throws StoreException {
    return lab.open("bucket", lab.proxy().endpoint(), true, S3Settings.DEFAULT);
  }

  @Test
  void aSessionTokenIsSentAndSigned() throws StoreException {
    keys.set(Map.of("aws.sessionToken", "a-token"));
    try (ObjectStore store = open()) {
      store.put(KEY, Body.of(new byte[10]), Condition.ABSENT);
    }

    ProxyRequest put = lab.script().seen().getFirst();
    assertThat(put.header("X-Amz-Security-Token")).isEqualTo("a-token");
    assertThat(put.header("Authorization"))
        .contains("Credential=test/", "x-amz-security-token", "if-none-match");
  }

  @Test
  void credentialsThatExpiredAreTold() throws StoreException {
    keys.set(Map.of());
    lab.script().next("PUT", "", ProxyFault.answer(400, "ExpiredToken"));
    lab.script().next("PUT", "", ProxyFault.answer(403, "RequestTimeTooSkewed"));
    try (ObjectStore store = open()) {
      assertThatThrownBy(() -> store.put(KEY, Body.of(new byte[10]), Condition.ABSENT))
          .isInstanceOf(StoreException.Refused.class)
          .hasMessageContaining("set the clock of this machine");
      assertThatThrownBy(() -> store.put(KEY, Body.of(new byte[10]), Condition.ABSENT))
          .isInstanceOf(StoreException.Refused.class)
          .hasMessageContaining("the credentials have expired: renew them");
    }
  }

  /** In a process of its own, because the environment's keys come before those of a file. */
  @Test
  void keysThatAreRenewedInTheirFileAreUsedWithoutARestart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("credentials");
    write(file, "first", Instant.now().minusSeconds(60));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Asking.class.getName(),
            lab.proxy().endpoint().toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", file.toString());
    Process process = builder.start();
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        Writer questions = process.outputWriter(StandardCharsets.UTF_8)) {
      assertThat(ask(questions, answers)).contains("Credential=first/");
      write(file, "second", Instant.now());
      String used = ask(questions, answers);
      // The file's date is looked at every few seconds at most.
      while (used.contains("Credential=first/")) {
        Thread.sleep(200);
        used = ask(questions, answers);
      }
      assertThat(used).contains("Credential=second/");
    } finally {
      process.destroy();
    }
  }

  private String ask(Writer questions, BufferedReader answers) throws IOException {
    questions.write("\n");
    questions.flush();
    assertThat(answers.readLine()).isEqualTo("Optional[0]");
    List<ProxyRequest> seen = lab.script().seen();
    return seen.getLast().header("Authorization");
  }

  private static void write(Path file, String id, Instant changed) throws IOException {
    Files.writeString(
        file, "[default]\naws_access_key_id = %s\naws_secret_access_key = s\n".formatted(id));
    Files.setLastModifiedTime(file, FileTime.from(changed));
  }

  /** Asks for an object whenever it is given a line. */
  static final class Asking {
    private Asking() {}

    public static void main(String[] args) throws IOException {
      String url = "s3://bucket?endpoint=" + args[0];
      try (ObjectStore store = Stores.open(url, S3Lab.PLATFORM, StoreOptions.DEFAULT)) {
        while (System.in.read() >= 0) {
          System.out.println(store.head(KEY));
        }
      }
    }
  }
}
