package io.strata.cli.command;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** All commands, for tests that hold for each of them. */
final class Commands {
  private Commands() {}

  static Stream<CommandLine> all() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return below(CommandTree.create(new Terminal(nowhere, nowhere, Map.of())));
  }

  private static Stream<CommandLine> below(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(Commands::below));
  }
}
