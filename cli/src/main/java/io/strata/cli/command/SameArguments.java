package io.strata.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command line that means the same in another directory: paths are absolute. What the environment
 * and the settings file say is left to them.
 */
final class SameArguments {
  private SameArguments() {}

  /** The arguments with which a command was called, its name first. */
  static List<String> of(CommandSpec command) {
    List<String> arguments = new ArrayList<>(List.of(command.name()));
    ParseResult above = command.root().commandLine().getParseResult();
    above.matchedOptions().forEach(option -> add(option, arguments));
    ParseResult given = command.commandLine().getParseResult();
    given.matchedOptions().forEach(option -> add(option, arguments));
    arguments.add("--");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      arguments.addAll(values(parameter));
    }
    return arguments;
  }

  private static void add(OptionSpec option, List<String> arguments) {
    if (option.arity().max() == 0) {
      arguments.add(option.longestName());
      return;
    }
    values(option).forEach(value -> arguments.add(option.longestName() + "=" + value));
  }

  private static List<String> values(ArgSpec argument) {
    return argument.getValue() instanceof Path path
        ? List.of(path.toAbsolutePath().toString())
        : argument.stringValues();
  }
}
