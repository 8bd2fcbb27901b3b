package io.strata.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ListPage;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each broken promise is found, and the bucket is left as it was. */
class ExaminationTest {
  private static final Platform PLATFORM = SystemPlatform.create();

  private final MemStore bucket = new MemStore();

  private static DoctorReport examine(ObjectStore store, Duration timeEach) throws Exception {
    return new Examination(store, PLATFORM, timeEach, step -> {}).run();
  }

  private static Finding finding(DoctorReport report, String check) {
    return report.findings().stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  private void assertNothingLeft() throws StoreException {
    assertThat(bucket.list("", "", ListPage.KEYS_MAX).entries()).isEmpty();
  }

  @Test
  void aGoodStoreIsFit() throws Exception {
    DoctorReport report = examine(new LyingStore(bucket, LyingStore.Lie.NONE), Duration.ZERO);

    assertThat(report.findings())
        .hasSize(7)
        .allSatisfy(f -> assertThat(f.verdict()).isEqualTo(Finding.Verdict.KEPT));
    assertThat(report.fit()).isTrue();
    assertThat(report.speeds()).isEmpty();
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "IGNORES_CONDITIONS, conditional put",
    "LETS_SEVERAL_WIN, one winner",
    "TELLS_THE_WINNER_THAT_IT_LOST, one winner",
    "REMEMBERS_ABSENCE, read after write",
    "LISTS_LATE, list after write",
    "LISTS_THE_DELETED, list after write",
    "IGNORES_RANGES, ranged get",
    "KEEPS_THE_DELETED, batch delete",
    "LOSES_BYTES, answers"
  })
  void aBrokenPromiseIsFound(LyingStore.Lie lie, String check) throws Exception {
    DoctorReport report = examine(new LyingStore(bucket, lie), Duration.ZERO);

    assertThat(finding(report, check).verdict()).isEqualTo(Finding.Verdict.BROKEN);
    assertThat(report.fit()).isFalse();
  }

  @Test
  void anAnswerThatIsLostProvesNothing() throws Exception {
    FaultPlan plan =
        request ->
            request.verb() == Verb.PUT && request.key().contains("/race-")
                ? Fault.FAIL_AFTER
                : Fault.PASS;

    DoctorReport report = examine(new FaultStore(bucket, plan), Duration.ZERO);

    assertThat(finding(report, "one winner").verdict()).isEqualTo(Finding.Verdict.KEPT);
    assertThat(finding(report, "one winner").says()).contains("no certain ones");
    assertThat(report.fit()).isTrue();
    assertNothingLeft();
  }

  @Test
  void aStoreThatCannotBeReachedIsNotExamined() {
    ObjectStore silent = new FaultStore(bucket, request -> Fault.FAIL_BEFORE);

    assertThatThrownBy(() -> examine(silent, Duration.ZERO))
        .isInstanceOf(StoreException.Unavailable.class);
  }

  @Test
  void whatIsLeftIsTold() throws Exception {
    FaultPlan plan =
        request ->
            request.verb() == Verb.DELETE && request.sequence() > 400
                ? Fault.FAIL_BEFORE
                : Fault.PASS;

    DoctorReport report = examine(new FaultStore(bucket, plan), Duration.ZERO);

    assertThat(finding(report, "clean-up").verdict()).isEqualTo(Finding.Verdict.DOUBTFUL);
    assertThat(finding(report, "clean-up").says()).contains("doctor/");
  }

  @Test
  void speedsAreMeasuredAndPrintedBothWays() throws Exception {
    DoctorReport report = examine(bucket, Duration.ofMillis(1));

    assertThat(report.speeds()).extracting(Speed.Row::connections).containsExactly(1, 2, 4, 8, 16, 32);
    assertThat(report.speeds())
        .allSatisfy(
            row -> {
              assertThat(row.smallPut().requests()).isPositive();
              assertThat(row.largeGet().p99Nanos()).isGreaterThanOrEqualTo(row.largeGet().p50Nanos());
            });
    JsonTree json = JsonTree.parse(Output.jsonText(report));
    assertThat(json.flag("fit")).isTrue();
    assertThat(json.trees("speeds")).hasSize(6);
    assertThat(text(report)).contains("This store can hold volumes.").contains("at a time");
    assertNothingLeft();
  }

  private static String text(DoctorReport report) throws IOException {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      report.text(out);
    }
    return text.toString();
  }
}
