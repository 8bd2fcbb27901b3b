package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Printable;
import io.strata.cli.output.TextTable;
import io.strata.fs.volume.LogHistory;
import io.strata.replay.format.LogPosition;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of a volume that can be returned to.
 *
 * @param heads what is kept, oldest first; the last is the newest head
 * @param entries the log entries in between, if they were asked for
 * @param next the first entry that is left out; null if there is none
 */
public record RecoveryList(
    List<Kept> heads, List<LogHistory.Point> entries, @Nullable LogPosition next)
    implements Printable {
  public RecoveryList {
    heads = List.copyOf(heads);
    entries = List.copyOf(entries);
  }

  /**
   * A head that is kept.
   *
   * @param names of the snapshots that it is
   * @param logKept whether the log behind it is kept, so that entries of it are states too
   */
  public record Kept(RetainedCheckpoint head, List<String> names, boolean logKept) {
    public Kept {
      names = List.copyOf(names);
    }
  }

  /** Those that the newest head knows. */
  public static RecoveryList of(
      Head newest, List<LogHistory.Point> entries, @Nullable LogPosition next) {
    Map<Long, RetainedCheckpoint> heads = new TreeMap<>();
    Map<Long, List<String>> names = new TreeMap<>();
    newest.retained().forEach(each -> heads.put(each.number(), each));
    newest
        .snapshots()
        .forEach(
            each -> {
              long number = each.checkpoint().number();
              heads.put(number, each.checkpoint());
              names.computeIfAbsent(number, key -> new ArrayList<>()).add(each.name());
            });
    heads.put(newest.number(), newest.asRetained());
    List<Kept> kept = new ArrayList<>();
    heads.forEach(
        (number, head) ->
            kept.add(
                new Kept(
                    head,
                    names.getOrDefault(number, List.of()),
                    head.replayFrom().compareTo(newest.garbage().logsFrom()) >= 0)));
    return new RecoveryList(kept, entries, next);
  }

  @Override
  public void text(PrintWriter out) {
    TextTable table = new TextTable("head", "time", "inodes", "used", "log behind", "snapshot");
    for (Kept each : heads) {
      table.row(
          Long.toString(each.head().number()),
          each.head().time().toString(),
          Amounts.count(each.head().counters().inodes()),
          Amounts.bytes(each.head().counters().usedBytes()),
          each.logKept() ? each.head().replayFrom().toString() : "-",
          String.join(", ", each.names()));
    }
    table.print(out);
    if (!entries.isEmpty()) {
      out.println();
      TextTable log = new TextTable("log entry", "time", "operations", "size");
      for (LogHistory.Point each : entries) {
        log.row(
            each.position().toString(),
            each.time().map(Object::toString).orElse("-"),
            Amounts.count(each.groups()),
            Amounts.bytes(each.bytes()));
      }
      log.print(out);
    }
    if (next != null) {
      out.println("more: --log-from=" + next);
    }
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("heads");
    for (Kept each : heads) {
      out.writeStartObject();
      out.writeNumberField("head", each.head().number());
      out.writeStringField("time", each.head().time().toString());
      out.writeNumberField("inodes", each.head().counters().inodes());
      out.writeNumberField("usedBytes", each.head().counters().usedBytes());
      out.writeBooleanField("logKept", each.logKept());
      out.writeArrayFieldStart("snapshots");
      for (String name : each.names()) {
        out.writeString(name);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("logEntries");
    for (LogHistory.Point each : entries) {
      out.writeStartObject();
      out.writeStringField("entry", each.position().toString());
      if (each.time().isPresent()) {
        out.writeStringField("time", each.time().get().toString());
      }
      out.writeNumberField("operations", each.groups());
      out.writeNumberField("bytes", each.bytes());
      out.writeEndObject();
    }
    out.writeEndArray();
    if (next != null) {
      out.writeStringField("nextEntry", next.toString());
    }
    out.writeEndObject();
  }
}
