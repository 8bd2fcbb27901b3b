package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.Head;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/**
 * The snapshots of a volume.
 *
 * @param snapshots oldest first
 * @param schedule by which rules more are made
 */
public record SnapshotList(List<SnapshotReport> snapshots, ScheduleReport schedule)
    implements Printable {
  public SnapshotList {
    snapshots = List.copyOf(snapshots);
  }

  /** Those that the newest head remembers. */
  public static SnapshotList of(Head newest) {
    return new SnapshotList(
        newest.snapshots().stream().map(SnapshotReport::of).toList(),
        new ScheduleReport(newest.schedule()));
  }

  @Override
  public void text(PrintWriter out) {
    TextTable table = new TextTable("name", "head", "time", "inodes", "used", "clone at");
    for (SnapshotReport each : snapshots) {
      table.row(
          each.name(),
          Long.toString(each.head()),
          each.time(),
          Amounts.count(each.inodes()),
          Amounts.bytes(each.usedBytes()),
          each.cloneAt());
    }
    table.print(out);
    if (!schedule.rules().isEmpty()) {
      schedule.text(out);
    }
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("snapshots");
    for (SnapshotReport each : snapshots) {
      each.json(out);
    }
    out.writeEndArray();
    schedule.field(out);
    out.writeEndObject();
  }
}
