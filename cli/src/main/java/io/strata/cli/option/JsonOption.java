package io.strata.cli.option;

import picocli.CommandLine.Option;

/** Gives a command {@code --json}. */
public final class JsonOption {
  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  /** Whether it was given. */
  public boolean given() {
    return json;
  }
}
