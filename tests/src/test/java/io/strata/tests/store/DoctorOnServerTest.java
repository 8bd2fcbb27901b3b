package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.doctor.DoctorReport;
import io.strata.cli.doctor.Examination;
import io.strata.store.ListPage;
import io.strata.store.s3.S3Settings;
import io.strata.store.s3.S3Store;
import io.strata.tests.proxy.ProxyFault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doctor at a real server, and at the same one with a proxy that lets it lie. */
final class DoctorOnServerTest {
  private S3Lab lab;
  private S3Store store;

  @BeforeEach
  void start() throws IOException {
    S3Lab.bucket();
    lab = new S3Lab(null);
    store = lab.open(S3Settings.DEFAULT);
  }

  @AfterEach
  void stop() {
    if (lab != null) {
      store.close();
      lab.close();
    }
  }

  private static String text(DoctorReport report) {
    StringWriter text = new StringWriter();
    report.text(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void aRealServerIsFitAndLeftAsItWas() throws Exception {
    List<String> steps = new ArrayList<>();

    DoctorReport report =
        new Examination(store, S3Lab.PLATFORM, Duration.ofMillis(20), steps::add).run();

    assertThat(text(report))
        .contains("had one winner each", "This store can hold volumes.")
        .doesNotContain("FAIL")
        .containsPattern("ok +clocks +the store's clock agrees with ours to the second");
    assertThat(report.fit()).isTrue();
    assertThat(steps).contains("conditional put", "clocks", "deleting what was put");
    assertThat(store.list("", "", ListPage.KEYS_MAX).entries()).isEmpty();
  }

  /** 200 for a put that changed nothing, as from a server that does not know the condition. */
  @ParameterizedTest
  @CsvSource({"conditional$, conditional put", "race-, one winner"})
  void aServerThatForgetsTheConditionIsFoundOut(String target, String check) throws Exception {
    lab.script().always("PUT", target, ProxyFault.answerAfter(200, ""));

    DoctorReport report = new Examination(store, S3Lab.PLATFORM, Duration.ZERO, step -> {}).run();

    assertThat(report.fit()).isFalse();
    assertThat(text(report))
        .containsPattern("FAIL +" + check)
        .contains("do not keep a volume here");
  }

  @Test
  void batchesThatAServerLacksAreNoFault() throws Exception {
    lab.script().always("POST", "delete", ProxyFault.answer(501, "NotImplemented"));

    DoctorReport report = new Examination(store, S3Lab.PLATFORM, Duration.ZERO, step -> {}).run();

    assertThat(report.fit()).isTrue();
    assertThat(store.list("", "", ListPage.KEYS_MAX).entries()).isEmpty();
  }
}
