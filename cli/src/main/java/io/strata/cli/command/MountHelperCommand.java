package io.strata.cli.command;

import io.strata.cli.mounting.HelperArguments;
import io.strata.fuse.mount.MountOptionList;
import io.strata.fuse.mount.MountOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What mount.strata calls; its exit statuses are those that mount(8) expects of a helper. */
@Command(
    name = "mount-helper",
    hidden = true,
    description = "Mount as mount(8) asks for it.",
    footer = "  strata mount-helper file:/srv/volumes/a /mnt -o rw,noatime")
final class MountHelperCommand implements Callable<Integer> {
  /** Incorrect invocation, in mount(8). */
  private static final int WRONG_CALL = 1;

  /** Mount failure, in mount(8). */
  private static final int MOUNT_FAILURE = 32;

  private final Terminal terminal;

  @Parameters(arity = "0..*", description = "Everything, as mount(8) gives it.")
  private List<String> arguments = List.of();

  MountHelperCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    HelperArguments translated;
    try {
      translated =
          HelperArguments.translate(
              arguments, optionsOfMount(terminal), MountHelperCommand::isMountOption);
    } catch (IllegalArgumentException e) {
      terminal.err().println("strata: " + e.getMessage());
      return WRONG_CALL;
    }
    if (translated.fake()) {
      return ExitStatus.OK;
    }
    int status = CommandTree.run(terminal, translated.arguments().toArray(String[]::new));
    return status == ExitStatus.OK ? ExitStatus.OK : MOUNT_FAILURE;
  }

  private static Set<String> optionsOfMount(Terminal terminal) {
    CommandLine mount =
        Objects.requireNonNull(CommandTree.create(terminal).getSubcommands().get("mount"));
    return mount.getCommandSpec().options().stream()
        .filter(option -> !option.hidden() && !option.usageHelp())
        .flatMap(option -> Arrays.stream(option.names()))
        .collect(Collectors.toSet());
  }

  private static boolean isMountOption(String option) {
    try {
      MountOptionList.apply(MountOptions.of("any"), option);
      return true;
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }
}
