package io.strata.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "manual",
    description = "Print a command's manual page, or write all of them.",
    footer = {
      "  strata manual mount | man -l -",
      "  strata manual --into /usr/local/share/man/man1"
    })
final class ManualCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command; none for strata.")
  private String[] path = {};

  @Option(names = "--into", paramLabel = "DIR", description = "Write a file for each command.")
  private @Nullable Path directory;

  ManualCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    CommandLine tree = CommandTree.create(terminal);
    if (directory != null) {
      writeAll(tree, directory);
      return ExitStatus.OK;
    }
    CommandLine command = tree;
    for (String name : path) {
      command = command.getSubcommands().get(name);
      if (command == null) {
        throw new Failure(
            ExitStatus.USAGE, "no command " + String.join(" ", path) + "; see strata --help");
      }
    }
    new ManualPage(command.getCommandSpec()).print(terminal.out());
    terminal.out().flush();
    return ExitStatus.OK;
  }

  private static void writeAll(CommandLine command, Path directory) throws IOException {
    ManualPage page = new ManualPage(command.getCommandSpec());
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    page.print(out);
    out.flush();
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve(page.name() + ".1"), text.toString(), StandardCharsets.UTF_8);
    for (CommandLine below : command.getSubcommands().values()) {
      if (!below.getCommandSpec().usageMessage().hidden()) {
        writeAll(below, directory);
      }
    }
  }
}
