package io.strata.cli.doctor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What an examination came to.
 *
 * @param location of the store
 * @param findings in the order of the checks
 * @param speeds by number of requests at a time; empty if nothing was measured
 */
public record DoctorReport(String location, List<Finding> findings, List<Speed.Row> speeds)
    implements Printable {
  public DoctorReport {
    findings = List.copyOf(findings);
    speeds = List.copyOf(speeds);
  }

  /** Whether no promise was seen broken. */
  public boolean fit() {
    return findings.stream().noneMatch(f -> f.verdict() == Finding.Verdict.BROKEN);
  }

  private boolean certain() {
    return findings.stream().allMatch(f -> f.verdict() == Finding.Verdict.KEPT);
  }

  @Override
  public void text(PrintWriter out) {
    out.println(location);
    out.println();
    for (Finding finding : findings) {
      out.printf("%-4s  %-17s %s%n", finding.verdict().word(), finding.check(), finding.says());
    }
    if (!speeds.isEmpty()) {
      out.println();
      table().print(out);
    }
    out.println();
    out.println(verdict());
  }

  private TextTable table() {
    TextTable table =
        new TextTable(
            "at a time",
            "put 4K p50",
            "p99",
            "/s",
            "get 4K p50",
            "p99",
            "/s",
            "put 4M MiB/s",
            "get 4M MiB/s");
    for (Speed.Row row : speeds) {
      table.row(
          String.valueOf(row.connections()),
          Amounts.seconds(row.smallPut().p50Nanos() / 1e9),
          Amounts.seconds(row.smallPut().p99Nanos() / 1e9),
          Amounts.count(Math.round(row.smallPut().perSecond())),
          Amounts.seconds(row.smallGet().p50Nanos() / 1e9),
          Amounts.seconds(row.smallGet().p99Nanos() / 1e9),
          Amounts.count(Math.round(row.smallGet().perSecond())),
          Amounts.count(Math.round(row.largePut().mibPerSecond(Speed.LARGE_BYTES))),
          Amounts.count(Math.round(row.largeGet().mibPerSecond(Speed.LARGE_BYTES))));
    }
    return table;
  }

  private String verdict() {
    if (!fit()) {
      return "This store breaks a promise that volumes are built on: do not keep a volume here.";
    }
    return certain()
        ? "This store can hold volumes."
        : "This store can hold volumes; look at the warnings above.";
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("store", location);
    out.writeBooleanField("fit", fit());
    out.writeArrayFieldStart("checks");
    for (Finding finding : findings) {
      out.writeStartObject();
      out.writeStringField("check", finding.check());
      out.writeStringField("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
      out.writeStringField("says", finding.says());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("speeds");
    for (Speed.Row row : speeds) {
      out.writeStartObject();
      out.writeNumberField("requestsAtATime", row.connections());
      figure(out, "put4KiB", row.smallPut());
      figure(out, "get4KiB", row.smallGet());
      figure(out, "put4MiB", row.largePut());
      figure(out, "get4MiB", row.largeGet());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void figure(JsonGenerator out, String name, Speed.Figure figure)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("requests", figure.requests());
    out.writeNumberField("p50Seconds", figure.p50Nanos() / 1e9);
    out.writeNumberField("p99Seconds", figure.p99Nanos() / 1e9);
    out.writeNumberField("perSecond", figure.perSecond());
    out.writeEndObject();
  }
}
