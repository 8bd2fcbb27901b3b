package io.strata.cli.volume;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.checkpoint.format.KeepRule;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Printable;
import io.strata.cli.output.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * By which rules snapshots of a volume are made.
 *
 * @param rules empty for none
 */
public record ScheduleReport(List<KeepRule> rules) implements Printable {
  private static final String OFF = "off";

  public ScheduleReport {
    rules = List.copyOf(rules);
  }

  /**
   * Reads rules as people write them, {@code 1h:24,1d:7}, or {@code off}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static ScheduleReport parse(String text) {
    List<KeepRule> rules = new ArrayList<>();
    for (String rule : text.equals(OFF) ? new String[0] : text.split(",", -1)) {
      String[] parts = rule.strip().split(":", -1);
      if (parts.length != 2 || !parts[1].matches("\\d{1,4}")) {
        throw new IllegalArgumentException(
            "'%s' is no rule for snapshots; write how often and how many are kept, such as 1h:24"
                .formatted(rule));
      }
      rules.add(new KeepRule(Times.parse(parts[0]), Integer.parseInt(parts[1])));
    }
    if (rules.size() > KeepRule.COUNT_MAX) {
      throw new IllegalArgumentException(
          "a schedule has at most %d rules, not %d".formatted(KeepRule.COUNT_MAX, rules.size()));
    }
    return new ScheduleReport(rules);
  }

  /** Reads what {@link #json} wrote. */
  public static ScheduleReport of(JsonTree tree) {
    return parse(tree.text("schedule"));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return rules.isEmpty()
        ? OFF
        : rules.stream()
            .map(rule -> Times.text(rule.every()) + ":" + rule.keep())
            .collect(Collectors.joining(","));
  }

  @Override
  public void text(PrintWriter out) {
    out.println(rules.isEmpty() ? "no snapshots are made by themselves" : "schedule " + this);
  }

  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    field(out);
    out.writeEndObject();
  }

  void field(JsonGenerator out) throws IOException {
    out.writeStringField("schedule", toString());
  }
}
