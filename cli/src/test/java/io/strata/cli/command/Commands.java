package io.strata.cli.command;

import java.io.OutputStream;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** All commands, for tests that hold for each of them. */
final class Commands {
  private Commands() {}

  static Stream<CommandLine> all() {
    OutputStream nowhere = OutputStream.nullOutputStream();
    return below(CommandTree.create(Terminal.of(nowhere, nowhere, Map.of())));
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(Commands::below));
  }
}
