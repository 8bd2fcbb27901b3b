package io.strata.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.JsonValue;
import java.io.IOException;

/** What a daemon can be asked. */
public sealed interface ControlRequest extends JsonValue {
  /** Which daemon is this? Answered with a {@link DaemonIdentity}. */
  record Identify() implements ControlRequest {}

  /** What have you done? Answered with the daemon's statistics. */
  record Statistics() implements ControlRequest {}

  /** Write the tree down now. Answered with the head's number. */
  record Checkpoint() implements ControlRequest {}

  /**
   * Unmount, close the volume, end. Answered when the volume is closed.
   *
   * @param force even if files are open: their users get errors
   */
  record Unmount(boolean force) implements ControlRequest {}

  @Override
  default void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    switch (this) {
      case Identify identify -> out.writeStringField("request", "identify");
      case Statistics statistics -> out.writeStringField("request", "statistics");
      case Checkpoint checkpoint -> out.writeStringField("request", "checkpoint");
      case Unmount unmount -> {
        out.writeStringField("request", "unmount");
        out.writeBooleanField("force", unmount.force());
      }
    }
    out.writeEndObject();
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is no request
   */
  static ControlRequest parse(String line) throws IOException {
    JsonTree tree = JsonTree.parse(line);
    return switch (tree.text("request")) {
      case "identify" -> new Identify();
      case "statistics" -> new Statistics();
      case "checkpoint" -> new Checkpoint();
      case "unmount" -> new Unmount(tree.flag("force"));
      default -> throw new IOException("unknown request: " + line);
    };
  }
}
