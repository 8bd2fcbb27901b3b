package io.strata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
  private final DemoReport report = new DemoReport();

  private String text() {
    StringWriter text = new StringWriter();
    report.text(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void tellsRatesAndRequests() throws IOException {
    report.add(new Row("unpack", new Step.Work(1000, 10 << 20), 2, new Requests(5, 0)));
    report.add(new Verdict("all is there", List.of()));

    assertThat(text())
        .containsPattern("unpack +1 000 +10.0 +2.00 +500 +5.0 +5\\R")
        .contains("ok     all is there");
    assertThat(report.allPassed()).isTrue();
    JsonTree json = JsonTree.parse(Output.jsonText(report));
    assertThat(json.flag("passed")).isTrue();
    assertThat(json.trees("steps").getFirst().integer("storeWrites")).isEqualTo(5);
    assertThat(json.trees("checks").getFirst().text("check")).isEqualTo("all is there");
  }

  @Test
  void oneProblemIsAFailure() {
    report.add(new Verdict("all is there", List.of()));
    report.add(new Verdict("links are", List.of("one is not")));

    assertThat(report.allPassed()).isFalse();
    assertThat(text()).contains("WRONG  links are").contains("       one is not");
  }
}
