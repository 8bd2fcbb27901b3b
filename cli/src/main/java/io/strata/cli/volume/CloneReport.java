package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A clone that was made.
 *
 * @param url where
 * @param volume what never changes about it
 * @param parent where the volume is that it was cloned from
 * @param kept the snapshot of that which is kept for it
 */
public record CloneReport(
    String url, VolumeDescriptor volume, String parent, SnapshotReport kept)
    implements Printable {
  @Override
  public void text(PrintWriter out) {
    out.printf("%s is now volume %s%n", url, volume.id());
    out.printf(
        "%s keeps for it what it shares, head %d of %s, as snapshot %s%n",
        parent, kept.head(), kept.time(), kept.name());
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    VolumeReport.writeDescriptor(volume, out);
    out.writeStringField("parent", parent);
    out.writeFieldName("snapshot");
    kept.json(out);
    out.writeEndObject();
  }
}
