package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.FilePlace;
import io.strata.fsck.finding.Finding;
import io.strata.store.ObjectKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a check found, to be printed.
 *
 * @param report the check's own
 */
public record FsckResult(FsckReport report) implements Printable {
  @Override
  public void text(PrintWriter out) {
    for (Finding finding : report.findings()) {
      out.printf(
          "%s: %s%n  which means: %s%n  what to do: %s%n  --repair: %s%n",
          finding.severity().name().toLowerCase(Locale.ROOT),
          finding.what(),
          finding.explanation().means(),
          finding.explanation().remedy(),
          finding.explanation().repair());
    }
    FsckReport.Counts counts = report.counts();
    out.printf(
        "%s: head %d, %s objects (%s), %s heads, %s log entries, %s pages%n",
        report.location(),
        report.head(),
        Amounts.count(counts.objects()),
        Amounts.bytes(counts.objectBytes()),
        Amounts.count(counts.heads()),
        Amounts.count(counts.logEntries()),
        Amounts.count(counts.pages()));
    out.printf(
        "%s inodes (%s directories), %s in files, %s segments%s; %s requests, %s read%n",
        Amounts.count(counts.inodes()),
        Amounts.count(counts.directories()),
        Amounts.bytes(counts.fileBytes()),
        Amounts.count(counts.segments()),
        report.data() ? ", every block verified" : "",
        Amounts.count(counts.requests()),
        Amounts.bytes(counts.bytesRead()));
    out.println(verdict());
  }

  private String verdict() {
    if (report.clean()) {
      return "clean";
    }
    return "%s%d errors, %d warnings"
        .formatted(report.complete() ? "" : "NOT COMPLETE: ", report.errors(), report.warnings());
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("location", report.location());
    out.writeStringField("volume", report.volume() == null ? "" : report.volume().toString());
    out.writeNumberField("head", report.head());
    out.writeBooleanField("clean", report.clean());
    out.writeBooleanField("complete", report.complete());
    out.writeBooleanField("data", report.data());
    out.writeNumberField("errors", report.errors());
    out.writeNumberField("warnings", report.warnings());
    out.writeNumberField("notes", report.notes());
    writeCounts(report.counts(), out);
    out.writeArrayFieldStart("findings");
    for (Finding finding : report.findings()) {
      writeFinding(finding, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeCounts(FsckReport.Counts counts, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("counts");
    out.writeNumberField("objects", counts.objects());
    out.writeNumberField("objectBytes", counts.objectBytes());
    out.writeNumberField("heads", counts.heads());
    out.writeNumberField("logEntries", counts.logEntries());
    out.writeNumberField("pages", counts.pages());
    out.writeNumberField("inodes", counts.inodes());
    out.writeNumberField("directories", counts.directories());
    out.writeNumberField("fileBytes", counts.fileBytes());
    out.writeNumberField("segments", counts.segments());
    out.writeNumberField("requests", counts.requests());
    out.writeNumberField("bytesRead", counts.bytesRead());
    out.writeEndObject();
  }

  private static void writeFinding(Finding finding, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    out.writeStringField("code", finding.code());
    ObjectKey object = finding.object();
    if (object != null) {
      out.writeStringField("object", object.value());
    }
    FilePlace file = finding.file();
    if (file != null) {
      out.writeNumberField("ino", file.ino());
      if (file.path() != null) {
        out.writeStringField("path", file.path());
      }
    }
    out.writeStringField("what", finding.what());
    out.writeStringField("means", finding.explanation().means());
    out.writeStringField("remedy", finding.explanation().remedy());
    out.writeStringField("repair", finding.explanation().repair());
    out.writeEndObject();
  }
}
