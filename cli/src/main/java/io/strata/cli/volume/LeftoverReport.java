package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.fs.volume.Leftovers;
import io.strata.store.ObjectKey;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What crashes have left behind in a bucket.
 *
 * @param found as the volume says
 * @param deleted whether it is gone now
 */
public record LeftoverReport(Leftovers found, boolean deleted) implements Printable {
  @Override
  public void text(PrintWriter out) {
    if (found.keptBy() != null) {
      kept(found.keptBy().name(), out);
      return;
    }
    out.printf(
        "crashes   left %s objects, %s, of %s in the bucket%s%n",
        Amounts.count(found.objects()),
        Amounts.bytes(found.bytes()),
        Amounts.count(found.looked()),
        found.objects() == 0 ? "" : deleted ? ": deleted" : ": strata gc deletes them");
    if (!deleted) {
      found.some().forEach(key -> out.printf("  %s%n", key.value()));
      if (found.objects() > found.some().size()) {
        out.printf("  and %s more%n", Amounts.count(found.objects() - found.some().size()));
      }
    }
  }

  /** Says that nothing was looked for, because of a snapshot. */
  public static void kept(String snapshot, PrintWriter out) {
    out.printf(
        "crashes   not looked at what they left: snapshot %s may need what nothing refers to;"
            + " delete it when you are content%n",
        snapshot);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeBooleanField("deleted", deleted);
    out.writeNumberField("objects", found.objects());
    out.writeNumberField("bytes", found.bytes());
    out.writeNumberField("looked", found.looked());
    if (found.keptBy() != null) {
      out.writeStringField("keptBy", found.keptBy().name());
    }
    out.writeArrayFieldStart("some");
    for (ObjectKey key : found.some()) {
      out.writeString(key.value());
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
