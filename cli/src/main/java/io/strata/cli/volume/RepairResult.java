package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairReport;
import io.strata.fsck.finding.FilePlace;
import io.strata.fsck.finding.Touched;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a repair did, to be printed.
 *
 * @param report the repair's own
 * @param url the volume, as the user named it
 */
public record RepairResult(RepairReport report, String url) implements Printable {
  @Override
  public void text(PrintWriter out) {
    new FsckResult(report.before()).text(out);
    String refused = report.refused();
    FsckReport after = report.after();
    if (refused != null) {
      out.println("NOT REPAIRED: " + refused);
    } else if (after != null) {
      out.println();
      report.sources().forEach(source -> out.println("repair: " + source));
      for (Touched touched : report.touched()) {
        out.printf("repair: %s %s%n", touched.file(), touched.change());
      }
      if (report.touchedCount() > report.touched().size()) {
        out.printf(
            "repair: and %s changes more%n",
            Amounts.count(report.touchedCount() - report.touched().size()));
      }
      out.println();
      new FsckResult(after).text(out);
      String undo = report.undo();
      if (undo != null) {
        out.printf(
            "repaired: head %d; what was before is kept as snapshot %s: strata snapshot list %s%n",
            report.head(), undo, url);
      }
    }
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("before");
    new FsckResult(report.before()).json(out);
    FsckReport after = report.after();
    if (after != null) {
      out.writeFieldName("after");
      new FsckResult(after).json(out);
    }
    out.writeBooleanField("repaired", after != null && after.clean());
    if (report.refused() != null) {
      out.writeStringField("refused", report.refused());
    }
    if (report.head() > 0) {
      out.writeNumberField("head", report.head());
    }
    if (report.undo() != null) {
      out.writeStringField("undo", report.undo());
    }
    out.writeArrayFieldStart("sources");
    for (String source : report.sources()) {
      out.writeString(source);
    }
    out.writeEndArray();
    out.writeNumberField("changes", report.touchedCount());
    out.writeArrayFieldStart("touched");
    for (Touched touched : report.touched()) {
      write(touched, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(Touched touched, JsonGenerator out) throws IOException {
    out.writeStartObject();
    FilePlace file = touched.file();
    out.writeNumberField("ino", file.ino());
    if (file.path() != null) {
      out.writeStringField("path", file.path());
    }
    out.writeStringField("change", touched.change());
    out.writeEndObject();
  }
}
