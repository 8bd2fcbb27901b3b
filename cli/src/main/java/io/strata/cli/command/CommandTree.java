package io.strata.cli.command;

import io.strata.cli.option.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        Terminal.of(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            variables);
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
    try {
      return tree.execute(args);
    } catch (OutOfMemoryError e) {
      long mib = Runtime.getRuntime().maxMemory() >> 20;
      return say(
          terminal,
          new ErrorLine(
              "%d MiB of heap are not enough: set STRATA_HEAP, say to %dm".formatted(mib, 2 * mib),
              ExitStatus.FAILED));
    }
  }

  /** The whole tree, nothing parsed yet. */
  static CommandLine create(Terminal terminal) {
    StrataCommand top = new StrataCommand();
    CommandLine tree = new CommandLine(top);
    tree.addSubcommand(new FormatCommand(terminal));
    tree.addSubcommand(new DestroyCommand(terminal));
    tree.addSubcommand(new MountCommand(terminal));
    tree.addSubcommand(new UmountCommand(terminal));
    tree.addSubcommand(new ServeCommand(terminal));
    tree.addSubcommand(new FsckCommand(terminal));
    tree.addSubcommand(new InfoCommand(terminal));
    tree.addSubcommand(new CopyCommand(terminal));
    tree.addSubcommand(new DumpCommand(terminal));
    tree.addSubcommand(new LoadCommand(terminal));
    tree.addSubcommand(new DfCommand(terminal));
    tree.addSubcommand(new GcCommand(terminal));
    tree.addSubcommand(new LsCommand(terminal));
    tree.addSubcommand(new CatCommand(terminal));
    tree.addSubcommand(new PutCommand());
    tree.addSubcommand(new GetCommand());
    tree.addSubcommand(new StatsCommand(terminal));
    tree.addSubcommand(new DoctorCommand(terminal));
    CommandLine checkpoint = new CommandLine(new CheckpointCommand());
    checkpoint.addSubcommand(new CheckpointListCommand(terminal));
    checkpoint.addSubcommand(new CheckpointNowCommand(terminal));
    tree.addSubcommand(checkpoint);
    CommandLine snapshot = new CommandLine(new SnapshotCommand());
    snapshot.addSubcommand(new SnapshotCreateCommand(terminal));
    snapshot.addSubcommand(new SnapshotListCommand(terminal));
    snapshot.addSubcommand(new SnapshotDeleteCommand(terminal));
    snapshot.addSubcommand(new SnapshotRollbackCommand(terminal));
    snapshot.addSubcommand(new SnapshotCloneCommand(terminal));
    snapshot.addSubcommand(new SnapshotScheduleCommand(terminal));
    CommandLine diff = new CommandLine(new DiffCommand(terminal));
    diff.getCommandSpec().usageMessage().footer("  strata snapshot diff /mnt before-upgrade");
    snapshot.addSubcommand(diff);
    tree.addSubcommand(snapshot);
    tree.addSubcommand(new DiffCommand(terminal));
    tree.addSubcommand(new RecoverCommand(terminal));
    tree.addSubcommand(new DemoCommand(terminal));
    tree.addSubcommand(new VersionCommand(terminal));
    tree.addSubcommand(new CompletionCommand(terminal));
    tree.addSubcommand(new ManualCommand(terminal));
    tree.addSubcommand(new RehearseCommand());
    tree.addSubcommand(helper(terminal));
    tree.addSubcommand(new DemoWorkerCommand(terminal));
    HelpLayout.applyToAll(tree);
    tree.setOut(terminal.out());
    tree.setErr(terminal.err());
    tree.setExecutionStrategy(
        parsed -> {
          Logging.configure(top.verbose(), daemon(parsed));
          return new CommandLine.RunLast().execute(parsed);
        });
    tree.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (top.verbose()) {
            thrown.printStackTrace(terminal.err());
          }
          return say(terminal, ErrorLine.of(thrown));
        });
    return tree;
  }

  /** Whether the command lives long, so that somebody will read later what it said when. */
  private static boolean daemon(CommandLine.ParseResult parsed) {
    if (!parsed.hasSubcommand()) {
      return false;
    }
    CommandLine.ParseResult command = parsed.subcommand();
    return command.hasMatchedOption(MountCommand.DAEMON)
        || command.commandSpec().userObject() instanceof ServeCommand;
  }

  /** What mount(8) gives is not what our options look like: all of it is taken as it is. */
  private static CommandLine helper(Terminal terminal) {
    CommandLine helper = new CommandLine(new MountHelperCommand(terminal));
    helper.setUnmatchedOptionsArePositionalParams(true);
    return helper;
  }

  private static ErrorLine explain(ParameterException wrong, Settings settings) {
    String text = String.valueOf(wrong.getMessage()).strip();
    if (wrong.getArgSpec() != null) {
      Settings.Value value = settings.find(wrong.getArgSpec());
      if (value != null && value.text().equals(wrong.getValue())) {
        text += " (set by " + value.source() + ")";
      }
    }
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !command.subcommands().isEmpty()
        && !unmatched.isUnknownOption()) {
      text = "there is no command " + unmatched.getUnmatched().getFirst();
    }
    return new ErrorLine(
        text + "; see " + command.qualifiedName() + " --help", command.exitCodeOnInvalidInput());
  }

  static int say(Terminal terminal, ErrorLine line) {
    terminal.err().println("strata: " + line.text());
    terminal.err().flush();
    return line.status();
  }
}
