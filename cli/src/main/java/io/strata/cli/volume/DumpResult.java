package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fsck.dump.DumpCounts;
import io.strata.fsck.dump.DumpReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a dump has come to.
 *
 * @param report what was dumped
 * @param file where it is
 */
public record DumpResult(DumpReport report, Path file) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf(
        "%s holds head %d of %s: %s, %s%n",
        file,
        report.header().head(),
        report.header().time(),
        counts(report.counts()),
        Amounts.bytes(report.bytes()));
  }

  static String counts(DumpCounts counts) {
    return "%s inodes, %s names, %s extents in %s segments"
        .formatted(
            Amounts.count(counts.inodes()),
            Amounts.count(counts.names()),
            Amounts.count(counts.extents()),
            Amounts.count(counts.segments()));
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("file", file.toString());
    out.writeStringField("volume", report.header().volume().uuid().toString());
    out.writeNumberField("head", report.header().head());
    out.writeStringField("time", report.header().time().toString());
    out.writeNumberField("bytes", report.bytes());
    out.writeFieldName("lines");
    json(report.counts(), out);
    out.writeEndObject();
  }

  static void json(DumpCounts counts, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("all", counts.lines());
    out.writeNumberField("inodes", counts.inodes());
    out.writeNumberField("names", counts.names());
    out.writeNumberField("attributes", counts.attributes());
    out.writeNumberField("extents", counts.extents());
    out.writeNumberField("orphans", counts.orphans());
    out.writeNumberField("segments", counts.segments());
    out.writeEndObject();
  }
}
