package io.strata.cli.command;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A command's help as a page for {@code man(1)}, in the macros of {@code man(7)}. */
final class ManualPage {
  private final CommandSpec command;

  ManualPage(CommandSpec command) {
    this.command = command;
  }

  /** {@code strata-mount} for {@code strata mount}. */
  String name() {
    return command.qualifiedName("-");
  }

  /** Writes the page. */
  void print(PrintWriter out) {
    UsageMessageSpec usage = command.usageMessage();
    out.printf(".TH \"%s\" 1%n", name());
    out.printf(".SH NAME%n%s \\- %s%n", escape(name()), escape(usage.description()[0]));
    out.printf(".SH SYNOPSIS%n.nf%n%s%n.fi%n", escape(synopsis()));
    out.println(".SH DESCRIPTION");
    lines(out, usage.description());
    out.println(".SH OPTIONS");
    command.positionalParameters().forEach(parameter -> describe(out, parameter));
    command.options().forEach(option -> describe(out, option));
    if (!command.subcommands().isEmpty()) {
      out.println(".SH COMMANDS");
      command.subcommands().forEach((name, below) -> describe(out, name, below.getCommandSpec()));
    }
    if (!usage.exitCodeList().isEmpty()) {
      out.println(".SH EXIT STATUS");
      usage.exitCodeList().forEach((status, text) -> item(out, status.strip(), text));
    }
    out.printf(".SH EXAMPLES%n.nf%n");
    lines(out, usage.footer());
    out.println(".fi");
  }

  private String synopsis() {
    return command.commandLine().getHelp().synopsis(0).strip();
  }

  private static void describe(PrintWriter out, ArgSpec argument) {
    if (argument.hidden()) {
      return;
    }
    String heading =
        switch (argument) {
          case OptionSpec option when option.arity().max() > 0 ->
              String.join(", ", option.names()) + " " + option.paramLabel();
          case OptionSpec option -> String.join(", ", option.names());
          case PositionalParamSpec parameter -> parameter.paramLabel();
          default -> throw new IllegalStateException("unknown argument " + argument);
        };
    item(out, heading, String.join(" ", argument.description()));
  }

  private static void describe(PrintWriter out, String name, CommandSpec below) {
    if (!below.usageMessage().hidden()) {
      item(out, name, below.usageMessage().description()[0]);
    }
  }

  private static void item(PrintWriter out, String heading, String text) {
    out.printf(".TP%n.B %s%n%s%n", escape(heading), escape(text));
  }

  private static void lines(PrintWriter out, String... lines) {
    Arrays.stream(lines).map(ManualPage::escape).forEach(out::println);
  }

  /** A line that begins with a dot or an apostrophe would be a macro. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
