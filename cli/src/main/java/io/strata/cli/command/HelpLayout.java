package io.strata.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What all help texts have in common. */
final class HelpLayout {
  private static final int COLUMNS = 100;

  private HelpLayout() {}

  /** Lays out the help of all commands. */
  static void applyToAll(CommandLine top) {
    UsageMessageSpec usage = top.getCommandSpec().usageMessage();
    usage.exitCodeListHeading("%nExit status:%n");
    usage.exitCodeList(ExitStatus.MEANINGS);
    apply(top);
  }

  private static void apply(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    UsageMessageSpec usage = spec.usageMessage();
    usage.width(COLUMNS);
    usage.synopsisHeading("");
    usage.descriptionHeading("%n");
    usage.parameterListHeading("%n");
    usage.optionListHeading("%nOptions:%n");
    usage.commandListHeading("%nCommands:%n");
    usage.footerHeading("%nExamples:%n");
    usage.sortOptions(false);
    usage.abbreviateSynopsis(true);
    command.getSubcommands().values().forEach(HelpLayout::apply);
  }
}
