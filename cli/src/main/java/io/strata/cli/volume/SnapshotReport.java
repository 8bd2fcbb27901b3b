package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Printable;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * What is told of a snapshot.
 *
 * @param name what it is called
 * @param head the head that it keeps
 * @param time when it was made, in ISO 8601
 * @param inodes in it
 * @param usedBytes in its files
 * @param cloneAt where the clone is that it is kept for, seen from the volume; empty if it is a user's
 */
public record SnapshotReport(
    String name, long head, String time, long inodes, long usedBytes, String cloneAt)
    implements Printable {
  /** Tells of a snapshot. */
  public static SnapshotReport of(NamedSnapshot snapshot) {
    Neighbour clone = snapshot.keptFor();
    return new SnapshotReport(
        snapshot.name(),
        snapshot.checkpoint().number(),
        snapshot.checkpoint().time().toString(),
        snapshot.checkpoint().counters().inodes(),
        snapshot.checkpoint().counters().usedBytes(),
        clone == null ? "" : clone.place().path());
  }

  /** Reads what {@link #json} wrote. */
  public static SnapshotReport of(JsonTree tree) {
    return new SnapshotReport(
        tree.text("name"),
        tree.integer("head"),
        tree.text("time"),
        tree.integer("inodes"),
        tree.integer("usedBytes"),
        tree.text("cloneAt"));
  }

  @Override
  public void text(PrintWriter out) {
    out.printf("snapshot %s is head %d%n", name, head);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeNumberField("head", head);
    out.writeStringField("time", time);
    out.writeNumberField("inodes", inodes);
    out.writeNumberField("usedBytes", usedBytes);
    out.writeStringField("cloneAt", cloneAt);
    out.writeEndObject();
  }
}
