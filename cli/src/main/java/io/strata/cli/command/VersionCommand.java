package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "version",
    description = "Print which Strata this is, and on what it runs.",
    footer = {"  strata version", "  strata version --json"})
final class VersionCommand implements Runnable {
  private final Terminal terminal;
  @Mixin private JsonOption json = new JsonOption();

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Output.print(VersionReport.ofThisProcess(), json.given(), terminal.out());
  }
}
