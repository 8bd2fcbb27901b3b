package io.strata.cli.command;

import io.strata.cli.daemon.SnapshotSchedule;
import io.strata.cli.option.TimeConverter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads which snapshots a daemon makes and keeps: {@code 1h:24,1d:7}. */
final class ScheduleConverter implements ITypeConverter<SnapshotSchedule> {
  static final String OPTION = "--snapshots";
  static final String LABEL = "EVERY:KEEP,...";
  static final String DESCRIPTION =
      "Make snapshots while it is served: 1h:24,1d:7 makes one an hour, and keeps those of 24"
          + " hours and the first of each of 7 days.";

  @Override
  public SnapshotSchedule convert(String text) {
    List<SnapshotSchedule.Rule> rules = new ArrayList<>();
    for (String rule : text.split(",", -1)) {
      String[] parts = rule.strip().split(":", -1);
      if (parts.length != 2 || !parts[1].matches("\\d{1,4}")) {
        throw new TypeConversionException(
            "'%s' is no rule for snapshots; write how often and how many are kept, such as 1h:24"
                .formatted(rule));
      }
      try {
        rules.add(
            new SnapshotSchedule.Rule(
                new TimeConverter().convert(parts[0]), Integer.parseInt(parts[1])));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
    return new SnapshotSchedule(rules);
  }
}
