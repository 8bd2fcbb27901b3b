package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Printable;
import io.strata.fsck.dump.LoadReport;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a load has come to.
 *
 * @param report what was made
 * @param url where
 */
public record LoadResult(LoadReport report, String url) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf(
        "%s is head %d of %s now: %s%n",
        url,
        report.header().head(),
        report.header().time(),
        DumpResult.counts(report.counts()));
    if (report.undo() != null) {
      out.printf(
          "what was there before is snapshot %s; delete it when you are content%n",
          report.undo());
    }
    new FsckResult(report.after()).text(out);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    out.writeStringField("volume", report.header().volume().uuid().toString());
    out.writeNumberField("head", report.head());
    out.writeNumberField("ofHead", report.header().head());
    if (report.undo() != null) {
      out.writeStringField("undo", report.undo());
    }
    out.writeFieldName("lines");
    DumpResult.json(report.counts(), out);
    out.writeFieldName("check");
    new FsckResult(report.after()).json(out);
    out.writeEndObject();
  }
}
