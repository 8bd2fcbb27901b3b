package io.strata.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Which daemon this is.
 *
 * @param url of its volume, as it was given
 * @param directory where it is mounted, absolute
 * @param pid its process
 * @param closing whether it is mounted no more and about to end
 */
public record DaemonIdentity(String url, Path directory, long pid, boolean closing)
    implements Printable {
  static DaemonIdentity of(JsonTree tree) {
    return new DaemonIdentity(
        tree.text("url"),
        Path.of(tree.text("directory")),
        tree.integer("pid"),
        tree.flag("closing"));
  }

  @Override
  public void text(PrintWriter out) {
    out.printf("%s on %s (process %d)%s%n", url, directory, pid, closing ? ", closing" : "");
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("url", url);
    out.writeStringField("directory", directory.toString());
    out.writeNumberField("pid", pid);
    out.writeBooleanField("closing", closing);
    out.writeEndObject();
  }
}
