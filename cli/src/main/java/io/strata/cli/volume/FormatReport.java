package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A volume that was made.
 *
 * @param url where
 * @param volume what never changes about it
 */
public record FormatReport(String url, VolumeDescriptor volume) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf("%s is now volume %s%n", url, volume.id());
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    VolumeReport.writeDescriptor(volume, out);
    out.writeEndObject();
  }
}
