package io.strata.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.JsonValue;
import java.io.IOException;
import java.util.List;

/** What a daemon can be asked. */
public sealed interface ControlRequest extends JsonValue {
  /** Which daemon is this? Answered with a {@link DaemonIdentity}. */
  record Identify() implements ControlRequest {}

  /** What have you done? Answered with the daemon's statistics. */
  record Statistics() implements ControlRequest {}

  /** Write the tree down now. Answered with the head's number. */
  record Checkpoint() implements ControlRequest {}

  /** Keep the volume as it is now. Answered with the snapshot. */
  record CreateSnapshot(String name) implements ControlRequest {}

  /**
   * Keep a state for a volume that is going to be cloned from it. Answered with the snapshot.
   *
   * @param volume its UUID
   * @param place where it is going to be, seen from the volume
   * @param state as {@link io.strata.fs.volume.StatePoint#parse} reads it; empty for the present
   */
  record KeepForClone(String volume, String place, String state) implements ControlRequest {}

  /**
   * Go back to a state that is kept. Answered with the snapshot of what was left.
   *
   * @param to as {@link io.strata.fs.volume.StatePoint#parse} reads it
   */
  record Rollback(String to) implements ControlRequest {}

  /**
   * Make snapshots by other rules from now on. Answered with the rules.
   *
   * @param rules as people write them
   */
  record Schedule(String rules) implements ControlRequest {}

  /** Forget snapshots. Answered with the head's number. */
  record DeleteSnapshots(List<String> names) implements ControlRequest {
    public DeleteSnapshots {
      names = List.copyOf(names);
    }
  }

  /**
   * Give back what space you can now. Answered with what the volume takes then.
   *
   * @param whole whether to copy first what the volume shares with that which it was cloned from
   */
  record CollectGarbage(boolean whole) implements ControlRequest {}

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
      case CreateSnapshot create -> {
        out.writeStringField("request", "create-snapshot");
        out.writeStringField("name", create.name());
      }
      case KeepForClone keep -> {
        out.writeStringField("request", "keep-for-clone");
        out.writeStringField("volume", keep.volume());
        out.writeStringField("place", keep.place());
        out.writeStringField("state", keep.state());
      }
      case Rollback rollback -> {
        out.writeStringField("request", "rollback");
        out.writeStringField("to", rollback.to());
      }
      case Schedule schedule -> {
        out.writeStringField("request", "schedule-snapshots");
        out.writeStringField("rules", schedule.rules());
      }
      case DeleteSnapshots delete -> {
        out.writeStringField("request", "delete-snapshots");
        out.writeArrayFieldStart("names");
        for (String name : delete.names()) {
          out.writeString(name);
        }
        out.writeEndArray();
      }
      case CollectGarbage collect -> {
        out.writeStringField("request", "collect-garbage");
        out.writeBooleanField("whole", collect.whole());
      }
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
      case "create-snapshot" -> new CreateSnapshot(tree.text("name"));
      case "keep-for-clone" ->
          new KeepForClone(tree.text("volume"), tree.text("place"), tree.text("state"));
      case "rollback" -> new Rollback(tree.text("to"));
      case "schedule-snapshots" -> new Schedule(tree.text("rules"));
      case "delete-snapshots" -> new DeleteSnapshots(tree.texts("names"));
      case "collect-garbage" -> new CollectGarbage(tree.flag("whole"));
      case "unmount" -> new Unmount(tree.flag("force"));
      default -> throw new IOException("unknown request: " + line);
    };
  }
}
