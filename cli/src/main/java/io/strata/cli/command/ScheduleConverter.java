package io.strata.cli.command;

import io.strata.cli.volume.ScheduleReport;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads which snapshots are made and kept: {@code 1h:24,1d:7}. */
final class ScheduleConverter implements ITypeConverter<ScheduleReport> {
  static final String OPTION = "--snapshots";
  static final String LABEL = "EVERY:KEEP,...";
  static final String DESCRIPTION =
      "Make snapshots by these rules while it is served, whatever the volume's schedule says:"
          + " 1h:24,1d:7 makes one an hour, and keeps those of 24 hours and the first of each of 7"
          + " days; off makes none. See strata snapshot schedule.";

  @Override
  public ScheduleReport convert(String text) {
    try {
      return ScheduleReport.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
