package io.strata.cli.command;

import io.strata.cli.option.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** All commands, put together, and how a process runs one of them. */
public final class CommandTree {
  private CommandTree() {}

  /**
   * Runs the command that {@code args} name.
   *
   * @param variables the environment
   * @return the exit status
   */
  public static int run(Map<String, String> variables, String... args) {
    Terminal terminal =
        new Terminal(writer(FileDescriptor.out), writer(FileDescriptor.err), variables);
    int status = run(terminal, args);
    terminal.out().flush();
    terminal.err().flush();
    return status;
  }

  static int run(Terminal terminal, String... args) {
    CommandLine tree = create(terminal);
    try {
      Settings settings = Settings.read(terminal.variables(), args);
      Set<String> unknown = settings.unknownEntries(tree);
      if (!unknown.isEmpty()) {
        return say(
            terminal,
            new ErrorLine(
                "%s sets %s, which is no option of any command; see strata COMMAND --help"
                    .formatted(settings.file(), String.join(", ", unknown)),
                ExitStatus.USAGE));
      }
      tree.setDefaultValueProvider(settings);
      tree.setParameterExceptionHandler((wrong, given) -> say(terminal, explain(wrong, settings)));
    } catch (IOException unreadable) {
      ErrorLine line = ErrorLine.of(unreadable);
      return say(terminal, new ErrorLine("settings: " + line.text(), ExitStatus.USAGE));
    }
    return tree.execute(args);
  }

  /** The whole tree, nothing parsed yet. */
  static CommandLine create(Terminal terminal) {
    StrataCommand top = new StrataCommand();
    CommandLine tree = new CommandLine(top);
    tree.addSubcommand(new VersionCommand(terminal));
    tree.addSubcommand(new CompletionCommand(terminal));
    tree.addSubcommand(new ManualCommand(terminal));
    tree.addSubcommand(new RehearseCommand());
    HelpLayout.applyToAll(tree);
    tree.setOut(terminal.out());
    tree.setErr(terminal.err());
    tree.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (top.verbose()) {
            thrown.printStackTrace(terminal.err());
          }
          return say(terminal, ErrorLine.of(thrown));
        });
    return tree;
  }

  private static ErrorLine explain(ParameterException wrong, Settings settings) {
    String text = String.valueOf(wrong.getMessage()).strip();
    if (wrong.getArgSpec() != null) {
      Settings.Value value = settings.find(wrong.getArgSpec());
      if (value != null && value.text().equals(wrong.getValue())) {
        text += " (set by " + value.source() + ")";
      }
    }
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    return new ErrorLine(text + "; see " + command + " --help", ExitStatus.USAGE);
  }

  private static int say(Terminal terminal, ErrorLine line) {
    terminal.err().println("strata: " + line.text());
    terminal.err().flush();
    return line.status();
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
