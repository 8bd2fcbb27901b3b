package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A volume that went back to what it was.
 *
 * @param to which state
 * @param left the snapshot of what it was until then
 */
public record RollbackReport(String to, SnapshotReport left) implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf("the volume is as it was at %s; what it was until now is snapshot %s%n", to, left.name());
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("to", to);
    out.writeFieldName("left");
    left.json(out);
    out.writeEndObject();
  }
}
