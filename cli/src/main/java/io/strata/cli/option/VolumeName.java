package io.strata.cli.option;

import picocli.CommandLine.Parameters;

/** Gives a command a volume as its first parameter, in either of the ways in which one is named. */
public final class VolumeName {
  @Parameters(
      index = "0",
      paramLabel = "DIR-or-URL",
      description = "Where it is mounted, or where it is.")
  private String name = "";

  /** What was given. */
  public String given() {
    return name;
  }
}
