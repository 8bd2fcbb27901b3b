package io.strata.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which daemon this is.
 *
 * @param url of its volume, as it was given
 * @param places where that can be used: the directory where it is mounted, or the sockets on which
 *     guests connect; absolute
 * @param pid its process
 * @param readOnly whether it only looks at the volume, or waits to own it
 * @param closing whether it can be used no more and the daemon is about to end
 */
public record DaemonIdentity(String url, List<Path> places, long pid, boolean readOnly, boolean closing)
    implements Printable {
  public DaemonIdentity {
    places = List.copyOf(places);
  }

  static DaemonIdentity of(JsonTree tree) {
    return new DaemonIdentity(
        tree.text("url"),
        tree.texts("places").stream().map(Path::of).toList(),
        tree.integer("pid"),
        tree.flag("readOnly"),
        tree.flag("closing"));
  }

  /** The places with commas between them. */
  public String placesText() {
    return places.isEmpty()
        ? "an inherited socket"
        : places.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  @Override
  public void text(PrintWriter out) {
    out.printf("%s on %s (process %d)%s%n", url, placesText(), pid, closing ? ", closing" : "");
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    out.writeArrayFieldStart("places");
    for (Path place : places) {
      out.writeString(place.toString());
    }
    out.writeEndArray();
    out.writeNumberField("pid", pid);
    out.writeBooleanField("readOnly", readOnly);
    out.writeBooleanField("closing", closing);
    out.writeEndObject();
  }
}
