package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fs.copy.CopyReport;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a copy has done, and what is to be known of it.
 *
 * @param report of the copy
 */
public record CopyResult(CopyReport report) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf(
        "copied %s objects, %s; %s were there already%n",
        Amounts.count(report.copied()),
        Amounts.bytes(report.copiedBytes()),
        Amounts.count(report.found()));
    if (report.inUse()) {
      out.println(
          "the volume was in use: the copy is as if its owner had been killed; open it with"
              + " --take-over");
    }
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("volume", report.volume().toString());
    out.writeNumberField("head", report.head());
    out.writeBooleanField("inUse", report.inUse());
    out.writeNumberField("copied", report.copied());
    out.writeNumberField("copiedBytes", report.copiedBytes());
    out.writeNumberField("found", report.found());
    out.writeNumberField("gone", report.gone());
    out.writeEndObject();
  }
}
