package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoints that a volume keeps.
 *
 * @param checkpoints oldest first; the last is the newest head
 */
public record CheckpointList(List<RetainedCheckpoint> checkpoints) implements Printable {
  public CheckpointList {
    checkpoints = List.copyOf(checkpoints);
  }

  /** Those that the newest head keeps, and itself. */
  public static CheckpointList of(Head newest) {
    List<RetainedCheckpoint> all = new ArrayList<>(newest.retained());
    all.add(newest.asRetained());
    return new CheckpointList(all);
  }

  @Override
  public void text(PrintWriter out) {
    TextTable table = new TextTable("head", "time", "inodes", "used", "pages", "log from");
    for (RetainedCheckpoint each : checkpoints) {
      table.row(
          Long.toString(each.number()),
          each.time().toString(),
          Amounts.count(each.counters().inodes()),
          Amounts.bytes(each.counters().usedBytes()),
          Amounts.count(each.counters().pages()),
          each.replayFrom().toString());
    }
    table.print(out);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("checkpoints");
    for (RetainedCheckpoint each : checkpoints) {
      out.writeStartObject();
      out.writeNumberField("head", each.number());
      out.writeStringField("time", each.time().toString());
      out.writeNumberField("inodes", each.counters().inodes());
      out.writeNumberField("usedBytes", each.counters().usedBytes());
      out.writeNumberField("pages", each.counters().pages());
      out.writeStringField("replayFrom", each.replayFrom().toString());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
