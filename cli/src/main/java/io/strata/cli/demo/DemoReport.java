package io.strata.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the demo did and found. Confined to one thread until it is printed. */
final class DemoReport implements Printable {
  private static final double MIB = 1 << 20;
  private static final int PROBLEMS_MAX = 20;

  private final List<Row> rows = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  void add(Verdict verdict) {
    verdicts.add(verdict);
  }

  boolean allPassed() {
    return verdicts.stream().allMatch(Verdict::passed);
  }

  @Override
  public void text(PrintWriter out) {
    TextTable table =
        new TextTable("step", "files", "MiB", "seconds", "files/s", "MiB/s", "writes", "reads");
    for (Row row : rows) {
      table.row(
          row.step(),
          count(row.work().files()),
          row.work().bytes() == 0 ? "" : decimal(row.work().bytes() / MIB),
          "%.2f".formatted(row.seconds()),
          row.work().files() == 0 ? "" : "%.0f".formatted(row.work().files() / row.seconds()),
          row.work().bytes() == 0 ? "" : decimal(row.work().bytes() / MIB / row.seconds()),
          count(row.requests().puts()),
          count(row.requests().gets()));
    }
    table.print(out);
    out.println("(writes and reads are requests to the store)");
    out.println();
    verdicts.forEach(verdict -> print(verdict, out));
  }

  private static void print(Verdict verdict, PrintWriter out) {
    out.println((verdict.passed() ? "ok     " : "WRONG  ") + verdict.what());
    List<String> problems = verdict.problems();
    problems.stream().limit(PROBLEMS_MAX).forEach(problem -> out.println("       " + problem));
    if (problems.size() > PROBLEMS_MAX) {
      out.printf("       and %d more%n", problems.size() - PROBLEMS_MAX);
    }
  }

  private static String count(long count) {
    return count == 0 ? "" : Amounts.count(count);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeBooleanField("passed", allPassed());
    out.writeArrayFieldStart("steps");
    for (Row row : rows) {
      out.writeStartObject();
      out.writeStringField("step", row.step());
      out.writeNumberField("files", row.work().files());
      out.writeNumberField("bytes", row.work().bytes());
      out.writeNumberField("seconds", row.seconds());
      out.writeNumberField("storeWrites", row.requests().puts());
      out.writeNumberField("storeReads", row.requests().gets());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("checks");
    for (Verdict verdict : verdicts) {
      out.writeStartObject();
      out.writeStringField("check", verdict.what());
      out.writeBooleanField("passed", verdict.passed());
      out.writeArrayFieldStart("problems");
      for (String problem : verdict.problems()) {
        out.writeString(problem);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
